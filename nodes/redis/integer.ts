/** The limits of the server's integers: signed, of 64 bits. */
export const integerMin = -(2n ** 63n);
export const integerMax = 2n ** 63n - 1n;

/**
 * Reads a text as the server reads numbers (`string2ll`): decimal digits after an optional minus sign, within 64 bits.
 *
 * Gives undefined for everything else: a plus sign, leading zeros, `-0`, spaces, an empty text.
 */
export function parseInteger(text: string): bigint | undefined {
  if (text.length > textMax || !strict.test(text)) return undefined;
  const value = BigInt(text);
  return integerMin <= value && value <= integerMax ? value : undefined;
}

const strict = /^(?:0|-?[1-9][0-9]*)$/;
const textMax = String(integerMin).length;
