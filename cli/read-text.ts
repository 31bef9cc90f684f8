import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { InputError } from "./input-error.js";
import { shownPath } from "./place.js";
import { reasonOf } from "./write-file.js";

/**
 * The text of a file in UTF-8, or in UTF-16 if it begins with a byte order mark; also if it is compressed by gzip.
 *
 * @param what what it should be, for errors.
 * @throws InputError for a file that cannot be read, and for bytes that are no text.
 */
export function readText(file: string, what: string): string {
  const bytes = uncompressed(file, readBytes(file, what));
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(
      `${shownPath(file)} is no text in ${encoding.toUpperCase()}${encoding === "utf-8" ? placeOfFirstWrong(bytes) : ""}; convert it to UTF-8, as iconv does.`,
    );
  }
}

function readBytes(file: string, what: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError(`${shownPath(file)} cannot be read: ${reasonOf(error)}. Give the path of ${what}.`);
  }
}

function uncompressed(file: string, bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new InputError(
      `${shownPath(file)} cannot be uncompressed: ${reasonOf(error)}. Give a whole gzip file, or plain text.`,
    );
  }
}

/** The first line that has a byte which stands for nothing. */
function placeOfFirstWrong(bytes: Uint8Array): string {
  const lines = new TextDecoder("utf-8").decode(bytes).split("\n");
  const line = lines.findIndex((text) => text.includes("\ufffd"));
  return line < 0 ? "" : ` (line ${line + 1})`;
}
