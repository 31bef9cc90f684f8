import type { AnyNode, Context } from "../../sim/node.js";

/**
 * The node with a `context.rank` that counts in `context.role`.
 *
 * The kernel's own `rank` looks the node up by its name, which is refused while a handler runs; drop this when it does not.
 */
export function ranksByRole(node: AnyNode): AnyNode {
  const ranked = (context: Context): Context => ({
    ...context,
    rank: (id) => context.role(node.role).indexOf(id),
  });
  const received = Object.entries(node.onMessage).map(([kind, handler]): [string, typeof handler] => {
    return [kind, (state, message, from, context) => handler(state, message, from, ranked(context))];
  });
  const fired = Object.entries(node.onTimer ?? {}).map(([timer, handler]): [string, typeof handler] => {
    return [timer, (state, context) => handler(state, ranked(context))];
  });
  return {
    role: node.role,
    start: (context) => node.start(ranked(context)),
    onMessage: Object.fromEntries(received),
    onTimer: Object.fromEntries(fired),
  };
}
