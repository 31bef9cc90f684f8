/** What a coordination service such as ZooKeeper is asked; paths are like `/a/b`, and `/` is always there. */
export type CoordinationRequest =
  | { readonly kind: "create"; readonly path: string; readonly data: string }
  | { readonly kind: "delete"; readonly path: string }
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly data: string }
  | { readonly kind: "list"; readonly path: string };

export type CoordinationReply =
  | { readonly kind: "ok" }
  | { readonly kind: "data"; readonly data: string }
  | { readonly kind: "children"; readonly names: readonly string[] }
  | { readonly kind: "error"; readonly code: "no-node" | "node-exists" | "not-empty" };
