import type { Specification } from "../checker/provenance/specification.js";
import type { ObjectName, ObjectStoreRequest } from "./object-store/request.js";

type Trace = readonly ObjectStoreRequest[];

/**
 * Whittaker et al. (SoCC 2018, section 4.2): `cat` comes from the latest creation of the bucket and of the object, and,
 * if that was a copy or a move, from the provenance of its source; a list from the latest creation of the bucket and of
 * every object in it, and from the deletion of those that were in it.
 *
 * Unsound where the latest creation had no effect (`mb; put; mb`, or a failed copy), and for lists of copied objects.
 */
export const objectStoreProvenance: Specification<ObjectStoreRequest> = (trace, input) => {
  switch (input.kind) {
    case "cat":
      return [ascending(provenanceOf(trace, trace.length, input.from))];
    case "list-objects":
      return [
        ascending([...creationOfBucket(trace, trace.length, input.bucket), ...latestOfEach(trace, input.bucket)]),
      ];
    case "list-buckets": {
      const latest = new Map<string, number>();
      trace.forEach((request, k) => {
        if (request.kind === "create-bucket" || request.kind === "remove-bucket") latest.set(request.bucket, k);
      });
      return [ascending(latest.values())];
    }
    default:
      return [[]];
  }
};

/** The same with what section 6.1 hints at: the provenance of a list follows moves and copies as that of `cat` does. */
export const transitiveObjectStoreProvenance: Specification<ObjectStoreRequest> = (trace, input) => {
  if (input.kind !== "list-objects") return objectStoreProvenance(trace, input);
  const [direct = []] = objectStoreProvenance(trace, input);
  const sources = direct.flatMap((k) => {
    const request = trace[k];
    return request?.kind === "copy" || request?.kind === "move" ? [...provenanceOf(trace, k, request.from)] : [];
  });
  return [ascending([...direct, ...sources])];
};

function provenanceOf(trace: Trace, end: number, name: ObjectName): Set<number> {
  const found = new Set(creationOfBucket(trace, end, name.bucket));
  const creation = lastBefore(trace, end, (request) => "to" in request && isSame(request.to, name));
  if (creation === undefined) return found;
  found.add(creation);
  const request = trace[creation];
  if (request?.kind === "copy" || request?.kind === "move") {
    for (const position of provenanceOf(trace, creation, request.from)) found.add(position);
  }
  return found;
}

function creationOfBucket(trace: Trace, end: number, bucket: string): readonly number[] {
  const creation = lastBefore(trace, end, (request) => request.kind === "create-bucket" && request.bucket === bucket);
  return creation === undefined ? [] : [creation];
}

/** The latest creation or deletion of every object of the bucket. */
function latestOfEach(trace: Trace, bucket: string): Iterable<number> {
  const latest = new Map<string, number>();
  trace.forEach((request, k) => {
    if ((request.kind === "remove" || request.kind === "move") && request.from.bucket === bucket)
      latest.set(request.from.object, k);
    if ("to" in request && request.to.bucket === bucket) latest.set(request.to.object, k);
  });
  return latest.values();
}

function lastBefore(trace: Trace, end: number, isWanted: (request: ObjectStoreRequest) => boolean): number | undefined {
  const k = trace.slice(0, end).findLastIndex(isWanted);
  return k < 0 ? undefined : k;
}

function isSame(a: ObjectName, b: ObjectName): boolean {
  return a.bucket === b.bucket && a.object === b.object;
}

function ascending(positions: Iterable<number>): number[] {
  return [...new Set(positions)].sort((a, b) => a - b);
}
