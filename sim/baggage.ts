/** Stand-in until the layer lands with the kernel. */
export interface Bag<T> {
  readonly name: string;
  readonly empty: T;
}
