import type { Paint } from "../../report/paint.js";

const same = (text: string): string => text;

/** Paints nothing. */
export const bare: Paint = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

/** Puts brackets round what is dimmed. */
export const bracketed: Paint = { ...bare, dim: (text) => `‹${text}›` };
