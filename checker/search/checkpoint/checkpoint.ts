import type { Layout } from "../engine/layout.js";
import type { Level } from "../outlook/levels.js";
import type { MemoSnapshot, Point, Snapshot } from "../engine/snapshot.js";
import { Checksum } from "./checksum.js";
import type { Identity } from "./identity.js";
import { UnusableCheckpoint } from "./unusable-checkpoint.js";

/** A search as it can be kept in a file: of what it is, and where it stands. */
export interface Checkpoint {
  readonly identity: Identity;
  readonly snapshot: Snapshot;
}

/** The format of checkpoints that this version reads and writes; it changes with how the engine packs states, too. */
export const checkpointFormat = 1;

/** What comes first in every checkpoint: who looks into it sees what it is. */
const mark = "hindcast search\n";

/** Reads differently on a machine of the other byte order. */
const byteOrder = 0x01020304;

/** How many words are given at once. */
const chunkWords = 1 << 20;

interface Header {
  readonly identity: Identity;
  readonly layout: Layout;
  readonly point: Point;
  readonly memo: MemoSnapshot;
  readonly levels: readonly Level[];
  /** How many words of each follow. */
  readonly lengths: { readonly log: number; readonly states: number; readonly parents: number };
}

/**
 * The bytes of a checkpoint, in pieces of at most 4 MiB that are made as they are asked for; each is only valid until the
 * next. All is in words of 32 bits: the mark, format, byte order and length of the header; the header, as JSON; the log, the
 * states and their parents; a checksum of all that.
 *
 * The search may go on in the meantime: what it adds is not written.
 */
export function* checkpointBytes({ identity, snapshot }: Checkpoint): Generator<Uint8Array> {
  const { layout, point, memo, levels, log, states, parents } = snapshot;
  const lengths = { log: log.length, states: states.length, parents: parents.length };
  const header = wordsOf(JSON.stringify({ identity, layout, point, memo, levels, lengths } satisfies Header));
  const first = Uint32Array.of(...wordsOf(mark), checkpointFormat, byteOrder, header.length);
  const checksum = new Checksum();
  const chunk = new Uint32Array(chunkWords);
  for (const words of [first, header, log, states, parents]) {
    for (let from = 0; from < words.length; from += chunkWords) {
      const part = words.subarray(from, from + chunkWords);
      chunk.set(part);
      checksum.add(chunk.subarray(0, part.length));
      yield new Uint8Array(chunk.buffer, 0, 4 * part.length);
    }
  }
  yield new Uint8Array(checksum.words.buffer);
}

/**
 * Reads a checkpoint from its words; its arrays are parts of them.
 *
 * @param bytes how long it is, which need not be whole words.
 * @throws UnusableCheckpoint when it is none, of another format, not whole, or damaged.
 */
export function parseCheckpoint(words: Uint32Array, bytes: number): Checkpoint {
  const markWords = wordsOf(mark);
  if (words.length < markWords.length || markWords.some((word, i) => words[i] !== word)) {
    throw new UnusableCheckpoint("it is no checkpoint; give a file that `check --checkpoint` wrote");
  }
  const at = markWords.length;
  const [format, order, headerLength] = [words[at], words[at + 1], words[at + 2]];
  if (format !== undefined && format !== checkpointFormat) {
    throw new UnusableCheckpoint(`it has format ${format}, and this version reads format ${checkpointFormat}`);
  }
  if (order !== undefined && order !== byteOrder) {
    throw new UnusableCheckpoint("it was made on a machine of another byte order");
  }
  const headerAt = at + 3;
  if (headerLength === undefined || headerAt + headerLength > words.length) throw truncated(bytes);
  const header = parseHeader(words.subarray(headerAt, headerAt + headerLength));
  const { log, states, parents } = header.lengths;
  const end = headerAt + headerLength + log + states + parents;
  const wanted = 4 * (end + 2);
  if (bytes < wanted) throw truncated(bytes, wanted);
  const checksum = new Checksum();
  checksum.add(words.subarray(0, end));
  if (bytes > wanted || checksum.words.some((word, i) => words[end + i] !== word)) throw damaged();
  return { identity: header.identity, snapshot: snapshotOf(header, words.subarray(headerAt + headerLength, end)) };
}

function snapshotOf({ layout, point, memo, levels, lengths }: Header, words: Uint32Array): Snapshot {
  const log = words.slice(0, lengths.log);
  const statesEnd = lengths.log + lengths.states;
  return {
    layout,
    point,
    memo,
    levels,
    log: new Int32Array(log.buffer),
    states: words.subarray(lengths.log, statesEnd),
    parents: words.subarray(statesEnd),
  };
}

function parseHeader(words: Uint32Array): Header {
  try {
    return JSON.parse(textOf(words)) as Header;
  } catch {
    throw damaged();
  }
}

function truncated(bytes: number, wanted?: number): UnusableCheckpoint {
  const whole = wanted === undefined ? "" : ` of ${wanted}`;
  return new UnusableCheckpoint(`it is truncated: only ${bytes}${whole} bytes are there`);
}

function damaged(): UnusableCheckpoint {
  return new UnusableCheckpoint("it is damaged: its checksum is not that of what it holds");
}

/** The bytes of a text, filled up with spaces to whole words. */
function wordsOf(text: string): Uint32Array {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(4 * Math.ceil(bytes.length / 4)).fill(0x20);
  padded.set(bytes);
  return new Uint32Array(padded.buffer);
}

function textOf(words: Uint32Array): string {
  return new TextDecoder().decode(words.slice());
}
