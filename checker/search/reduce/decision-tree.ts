/** A question about the next component that is read, or an answer. */
type Node = boolean | Question;

interface Question {
  readonly component: number;
  /** By the component's id. */
  readonly next: Map<number, Node>;
}

/**
 * A question about states, answered by user code once for each way in which it may read components: what it reads next depends
 * on what it has read alone.
 */
export class DecisionTree {
  private root: Node | undefined;

  /** @param ask answers the question for a state of these ids, and tells each component that it reads, in order. */
  constructor(private readonly ask: (ids: readonly number[], onRead: (component: number) => void) => boolean) {}

  /** The answer for a state. */
  of(ids: readonly number[]): boolean {
    let node = this.root;
    while (typeof node === "object") node = node.next.get(ids[node.component] as number);
    return node ?? this.learn(ids);
  }

  /**
   * Whether it is true of any of the states in which components have some of the values that they may have; true also when that
   * is not known, or takes more than `most` answers to find out.
   *
   * @param valuesOf the ids that a component may have; undefined when that is not known.
   */
  mayBe(ids: readonly number[], valuesOf: (component: number) => readonly number[] | undefined, most: number): boolean {
    const assigned = [...ids];
    let left = most;
    const isTrueBelow = (find: () => Node | undefined): boolean => {
      let node = find();
      if (node === undefined) {
        this.learn(assigned);
        node = find();
      }
      if (typeof node !== "object") {
        left -= 1;
        return left < 0 || node !== false;
      }
      const { component, next } = node;
      const value = assigned[component] as number;
      const isTrue = valuesOf(component)?.some((other) => {
        assigned[component] = other;
        return isTrueBelow(() => next.get(other));
      });
      assigned[component] = value;
      return isTrue ?? true;
    };
    return isTrueBelow(() => this.root);
  }

  private learn(ids: readonly number[]): boolean {
    const reads = new Set<number>();
    const answer = this.ask(ids, (component) => void reads.add(component));
    let put = (node: Node): Node => (this.root ??= node);
    for (const component of reads) {
      const node = put({ component, next: new Map() });
      // Code that reads now this and now that is asked each time.
      if (typeof node !== "object" || node.component !== component) return answer;
      const id = ids[component] as number;
      put = (below) => {
        const known = node.next.get(id) ?? below;
        node.next.set(id, known);
        return known;
      };
    }
    put(answer);
    return answer;
  }
}
