/** For each participant the number of the one whose place it takes. */
export type Permutation = readonly number[];

/** Participants that go together when places are exchanged: a server with its own cache, or, mostly, one node alone. */
export type Block = readonly number[];

/** Blocks of which any two may be exchanged; all have the same length. */
export type AlikeBlocks = readonly Block[];

/** Exchanges two blocks, member by member. */
export function exchange(participants: number, one: Block, other: Block): Permutation {
  const permutation = Array.from({ length: participants }, (_, i) => i);
  one.forEach((member, i) => {
    const partner = other[i] as number;
    permutation[member] = partner;
    permutation[partner] = member;
  });
  return permutation;
}

/** Puts the block at `order[i]` into the place of block `i`. */
export function arrangement(permutation: number[], blocks: AlikeBlocks, order: readonly number[]): void {
  order.forEach((block, place) => {
    (blocks[block] as Block).forEach((member, i) => {
      permutation[member] = blocks[place]?.[i] as number;
    });
  });
}

export function inverse(permutation: Permutation): Permutation {
  const inverted: number[] = [];
  permutation.forEach((to, from) => {
    inverted[to] = from;
  });
  return inverted;
}
