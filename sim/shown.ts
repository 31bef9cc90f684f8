/** What was found in place of something else, in few words. */
export function shown(found: unknown): string {
  if (typeof found === "string") return `"${found}"`;
  if (typeof found === "function") return "a function";
  if (Array.isArray(found)) return "an array";
  return typeof found === "object" && found !== null ? "an object" : String(found);
}

/** Whether something has fields by name, as written in braces. */
export function isFields(found: unknown): found is { readonly [name: string]: unknown } {
  return typeof found === "object" && found !== null && !Array.isArray(found);
}
