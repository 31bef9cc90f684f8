import type { InFlight, Inbox } from "../../../sim/network.js";
import type { System } from "../../../sim/system.js";
import { type Mentions, placesOf } from "./mentions.js";
import type { Permutation } from "./permutation.js";
import { Renaming } from "./renaming.js";

/** What becomes of messages on their way when participants exchange their places. Each is renamed once. */
export class MessageImages {
  private readonly known = new Map<InFlight, Known>();

  constructor(
    private readonly system: System,
    private readonly mentions: Mentions,
  ) {}

  of(message: InFlight, permutation: Permutation): InFlight {
    const { mentioned, images } = this.knownOf(message);
    const places = placesOf(mentioned, permutation);
    let image = images.get(places);
    if (image === undefined) images.set(places, (image = new Renaming(this.system, permutation).item(message)));
    return image;
  }

  /** Of all messages in an inbox, where they lie then. */
  ofInbox(inbox: Inbox, permutation: Permutation): Inbox {
    const images: InFlight[][] = [];
    inbox.forEach((queue, from) => {
      images[permutation[from] as number] = queue.map((message) => this.of(message, permutation));
    });
    return images;
  }

  /** Whom a message mentions. */
  mentionedIn(message: InFlight): readonly number[] {
    return this.knownOf(message).mentioned;
  }

  private knownOf(message: InFlight): Known {
    const known = this.known.get(message);
    if (known !== undefined) return known;
    const { from, to, message: content, call } = message;
    const mentioned = this.mentions.in((telling) => telling.value([from, to, content, call ?? null]));
    const made: Known = { mentioned, images: new Map<number | string, InFlight>() };
    this.known.set(message, made);
    return made;
  }
}

/** Whom a message mentions, and its images by the places of these. */
interface Known {
  readonly mentioned: readonly number[];
  readonly images: Map<number | string, InFlight>;
}
