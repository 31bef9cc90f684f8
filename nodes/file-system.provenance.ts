import type { Specification } from "../checker/provenance/specification.js";
import type { FileRequest } from "./file-system/request.js";

/**
 * Whittaker et al. (SoCC 2018, sections 4.2 and 6.1): a read comes from the latest write to each part of its range.
 * Unsound past a hole: a write behind the range makes the file longer (`write(3, a)`, then `read(0, 2)`).
 */
export const fileSystemProvenance: Specification<FileRequest> = (trace, input) => {
  if (input.kind === "write") return [[]];
  const open = new Set(Array.from({ length: input.length }, (_, i) => input.offset + i));
  const witness: number[] = [];
  for (let k = trace.length - 1; k >= 0; k -= 1) {
    const request = trace[k];
    if (request?.kind !== "write" || request.file !== input.file) continue;
    const covered = Array.from(request.bytes, (_, i) => open.delete(request.offset + i));
    if (covered.includes(true)) witness.push(k);
  }
  return [witness.reverse()];
};
