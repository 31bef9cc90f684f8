import { boundaryOf } from "../../sim/enabled.js";
import type { InFlight } from "../../sim/network.js";
import type { MessageChoice } from "../../sim/choice.js";
import { type Budget, OutOfBudget } from "../provenance/effort.js";
import { summarise } from "../provenance/flow.js";
import type { Leaf } from "../provenance/transitions.js";
import { ValueSets } from "../provenance/value-sets.js";
import { itemText, messageOf, sentText } from "./emission.js";
import type { Delivery, NodeInput } from "./node-input.js";
import type { NodeOutput, SentMessage } from "./node-machine.js";
import type { RunMachines } from "./run-machines.js";
import { carried, slotNumber } from "./slots.js";

/** The messages that may come in a place, by their texts, that of the run included; or nobody knows. */
type InSlot = ReadonlyMap<string, SentMessage> | "unknown";

/**
 * Which messages the places of a run may carry when any of its events are left out: an over-approximation, node by node,
 * from the values that the cells of its memory may have (value sets, which forget what goes with what).
 *
 * One pass over the run; linear in its events, times the cases that an input meets.
 */
export class Variants {
  /** By event, what may come in the place of each message that it sent. */
  readonly #sent = new Map<number, readonly InSlot[]>();
  readonly #values: (ValueSets | "unknown")[];

  constructor(
    readonly machines: RunMachines,
    readonly budget: Budget,
  ) {
    const { trace } = machines;
    this.#values = trace.system.nodes.map((_, node) => new ValueSets(machines.node(node).transitions, budget));
    for (let event = 0; event < trace.length; event += 1) this.#see(event);
  }

  /** What may come in place of the message that an event is about. */
  inPlaceOf(event: number): InSlot {
    const emission = this.machines.emissions.of(event);
    if (emission === undefined) return "unknown";
    const recorded = this.machines.emissions.sentBy(emission.event);
    return this.#sent.get(emission.event)?.[slotNumber(recorded, emission.text, emission.copy)] ?? "unknown";
  }

  #see(event: number): void {
    const { trace, emissions } = this.machines;
    const recorded = emissions.sentBy(event);
    const node = trace.participants.get(event);
    const choice = trace.choices[event];
    const isInput = trace.system.nodes[node] !== undefined && this.machines.node(node).positions.has(event);
    if (isInput) this.#sent.set(event, this.#reactions(event, node, recorded));
    else if (choice?.kind === "duplicate") this.#sent.set(event, [this.inPlaceOf(event)]);
    else if (choice?.kind === "error") this.#sent.set(event, [this.#errors(event, choice)]);
    else if (choice?.kind === "invoke" && this.#mayAskOther(event)) this.#sent.set(event, ["unknown"]);
    else
      this.#sent.set(
        event,
        recorded.map((item) => new Map([[itemText(item), messageOf(item, trace)]])),
      );
  }

  /** A client that does as it was told asks the same whatever happens. */
  #mayAskOther(event: number): boolean {
    const { trace } = this.machines;
    return this.machines.client(trace.participants.get(event) - trace.system.nodes.length) !== undefined;
  }

  #errors(event: number, choice: MessageChoice): InSlot {
    const asked = this.inPlaceOf(event);
    if (asked === "unknown") return asked;
    const answers = new Map<string, SentMessage>();
    for (const { message, call, baggage, bags } of asked.values()) {
      const boundary = boundaryOf(this.machines.trace.system, choice.message.to, message.kind);
      if (boundary === undefined) continue;
      const to = choice.message.from;
      const sent = { to, message: boundary.reply, ...(call === undefined ? {} : { call }), baggage, bags };
      answers.set(sentText(sent), sent);
    }
    return answers;
  }

  #reactions(event: number, node: number, recorded: readonly InFlight[]): readonly InSlot[] {
    const unknown = recorded.map((): InSlot => "unknown");
    const values = this.#values[node] as ValueSets | "unknown";
    if (values === "unknown") return unknown;
    const { inputs, positions, transitions } = this.machines.node(node);
    const input = inputs[positions.get(event) as number] as NodeInput;
    const inSlots = recorded.map(() => new Map<string, SentMessage>());
    const visit = ({ outcome }: Leaf<unknown>): void => {
      const output = outcome.kind === "output" ? (outcome.value as NodeOutput) : undefined;
      const sent = output?.kind === "reacted" ? output.sent : [];
      carried(recorded, sent).forEach((message, slot) => {
        if (message !== undefined) inSlots[slot]?.set(sentText(message), message);
      });
    };
    const all = this.inputsAt(event, input);
    try {
      if (all === "unknown") throw new OutOfBudget("values");
      const summaries = all.map((one) => summarise(transitions, transitions.inputId(one), values, this.budget, visit));
      for (const summary of summaries) values.apply(summary, false);
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error;
      this.#values[node] = "unknown";
      return unknown;
    }
    return inSlots;
  }

  /** The input of an event, and those that may come in its place. */
  inputsAt(event: number, input: NodeInput): readonly NodeInput[] | "unknown" {
    if (input.kind !== "deliver") return [input];
    const inPlace = this.inPlaceOf(event);
    if (inPlace === "unknown") return inPlace;
    const own = this.machines.emissions.of(event)?.text;
    const others = [...inPlace].filter(([text]) => text !== own);
    if (others.length === 0) return [input];
    const slot = event;
    const variants = others
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { message, call, baggage, bags }]): Delivery => ({
        kind: "deliver",
        from: input.from,
        message,
        ...(call === undefined ? {} : { call }),
        baggage,
        bags,
        slot,
        isVariant: true,
      }));
    return [{ ...input, slot }, ...variants];
  }
}
