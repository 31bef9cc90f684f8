import { absent, PairTable } from "../engine/pair-table.js";

/** Sets of whole numbers, each numbered itself, so that what becomes of them is looked up. The empty set is number 0. */
export class NumberSets {
  private readonly ids = new Map<string, number>([["", 0]]);
  private readonly sets: (readonly number[])[] = [[]];
  private readonly unions = new PairTable();
  private readonly additions = new PairTable();
  private readonly intersections = new PairTable();

  /** The number of the set of these. */
  of(members: Iterable<number>): number {
    const set = [...new Set(members)].sort((a, b) => a - b);
    const text = set.join();
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    this.sets.push(set);
    this.ids.set(text, this.sets.length - 1);
    return this.sets.length - 1;
  }

  /** In ascending order. */
  members(set: number): readonly number[] {
    return this.sets[set] as readonly number[];
  }

  union(one: number, other: number): number {
    if (one === other || other === 0) return one;
    if (one === 0) return other;
    const known = this.unions.get(one, other);
    if (known !== absent) return known;
    const union = this.of([...this.members(one), ...this.members(other)]);
    this.unions.set(one, other, union);
    return union;
  }

  /** The set with one member more. */
  with(set: number, member: number): number {
    const known = this.additions.get(set, member);
    if (known !== absent) return known;
    const larger = this.of([...this.members(set), member]);
    this.additions.set(set, member, larger);
    return larger;
  }

  has(set: number, member: number): boolean {
    return this.members(set).includes(member);
  }

  intersection(one: number, other: number): number {
    const known = this.intersections.get(one, other);
    if (known !== absent) return known;
    const both = this.of(this.members(one).filter((member) => this.has(other, member)));
    this.intersections.set(one, other, both);
    return both;
  }
}
