/** The values of the bags that are moved along, by position. Immutable: a branch is the same array. */
export type Context = readonly unknown[];

/** Where something in the world comes from: the event, and the context there. No part of the world's identity. */
export interface Origin {
  readonly event: number;
  readonly context: Context;
}

/** That of what nobody observes. */
export const noOrigin: Origin = { event: -1, context: [] };
