import type { Layout } from "../engine/layout.js";
import type { MemoSnapshot } from "../engine/snapshot.js";

/** What the helpers take over between rounds: how states are packed, and what is known of the properties. */
export interface News {
  readonly layout: Layout;
  readonly memo: MemoSnapshot;
}

/** A place in shared memory for a text. */
export class Letter {
  private readonly units: Uint16Array;
  private readonly length: Uint32Array;

  constructor(memory: SharedArrayBuffer) {
    this.length = new Uint32Array(memory, 0, 1);
    this.units = new Uint16Array(memory, 4);
  }

  write(news: News): void {
    const text = JSON.stringify(news);
    if (text.length > this.units.length) throw new Error("There are too many components to tell the helpers of.");
    this.length[0] = text.length;
    for (let i = 0; i < text.length; i += 1) this.units[i] = text.charCodeAt(i);
  }

  read(): News {
    let text = "";
    for (let i = 0; i < (this.length[0] as number); i += 1) text += String.fromCharCode(this.units[i] as number);
    return JSON.parse(text) as News;
  }
}
