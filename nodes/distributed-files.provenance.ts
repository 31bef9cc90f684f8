import type { Specification } from "../checker/provenance/specification.js";
import { parentOf } from "./coordination/path.js";
import type { DistributedFilesRequest } from "./distributed-files/request.js";

type Trace = readonly DistributedFilesRequest[];

/**
 * Whittaker et al. (SoCC 2018, section 4.2): a read comes from the latest creation of the file and of its parent
 * directories, and from the latest writes that overlap its range; if a move created the file, also from the provenance
 * of what was moved. Not always sound: a failed creation or write counts as one, and so does not a write behind the range.
 */
export const distributedFilesProvenance: Specification<DistributedFilesRequest> = (trace, input) => {
  if (input.kind !== "read") return [[]];
  const range = Array.from({ length: input.length }, (_, i) => input.offset + i);
  return [[...provenanceOf(trace, trace.length, input.path, new Set(range))].sort((a, b) => a - b)];
};

function provenanceOf(trace: Trace, end: number, path: string, open: Set<number>): Set<number> {
  const found = new Set(directoriesOf(trace, end, parentOf(path)));
  for (let k = end - 1; k >= 0; k -= 1) {
    const request = trace[k];
    if (request?.kind === "write" && request.path === path) {
      const covered = Array.from(request.bytes, (_, i) => open.delete(request.offset + i));
      if (covered.includes(true)) found.add(k);
    } else if (request?.kind === "create" && request.path === path) {
      return found.add(k);
    } else if (request?.kind === "move" && request.to === path) {
      for (const position of provenanceOf(trace, k, request.from, open)) found.add(position);
      return found.add(k);
    }
  }
  return found;
}

function directoriesOf(trace: Trace, end: number, path: string): readonly number[] {
  if (path === "/") return [];
  const creation = trace
    .slice(0, end)
    .findLastIndex((request) => request.kind === "make-directory" && request.path === path);
  return [...directoriesOf(trace, end, parentOf(path)), ...(creation < 0 ? [] : [creation])];
}
