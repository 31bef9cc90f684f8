import type { Specification } from "../checker/provenance/specification.js";
import type { CoordinationRequest } from "./coordination/request.js";
import { parentOf } from "./coordination/path.js";

type Trace = readonly CoordinationRequest[];

/**
 * Whittaker et al. (SoCC 2018, section 4.2), to the letter: a read comes from the latest creation of the znode and of all
 * its ancestors; a list also from the latest creation or deletion of every child. Unsound: the text leaves out the write.
 */
export const coordinationProvenance: Specification<CoordinationRequest> = (trace, input) => {
  switch (input.kind) {
    case "read":
      return [ascending(creationsOf(trace, input.path))];
    case "list":
      return [ascending([...creationsOf(trace, input.path), ...latestOfChildren(trace, input.path)])];
    default:
      return [[]];
  }
};

/** The same rule as a query over a run's `inputs` (see `sqlSpecification`). */
export const coordinationProvenanceSql = `
WITH RECURSIVE asked (message, path) AS (
  SELECT message, body ->> '$.path' FROM inputs
  WHERE node = :node AND position = :position AND message IN ('read', 'list')
),
earlier (position, message, path, parent) AS (
  SELECT position, message, body ->> '$.path',
    coalesce(nullif(rtrim(rtrim(body ->> '$.path', replace(body ->> '$.path', '/', '')), '/'), ''), '/')
  FROM inputs WHERE node = :node AND position < :position
),
needed (path) AS (
  SELECT path FROM asked
  UNION
  SELECT coalesce(nullif(rtrim(rtrim(path, replace(path, '/', '')), '/'), ''), '/') FROM needed
)
SELECT 0 AS witness, max(position) FROM earlier JOIN needed USING (path)
WHERE message = 'create' AND path <> '/' GROUP BY path
UNION
SELECT 0 AS witness, max(position) FROM earlier
WHERE message IN ('create', 'delete') AND parent = (SELECT path FROM asked WHERE message = 'list') AND path <> parent
GROUP BY path
`;

/** With the latest write added. Still unsound where the latest creation failed, as it does for a znode that is there. */
export const coordinationProvenanceWithWrites: Specification<CoordinationRequest> = (trace, input) => {
  const witnesses = coordinationProvenance(trace, input);
  if (input.kind !== "read") return witnesses;
  const write = trace.findLastIndex((request) => request.kind === "write" && request.path === input.path);
  return write < 0 ? witnesses : witnesses.map((witness) => ascending([...witness, write]));
};

/** The latest creations of the znode and of its ancestors below the root. */
function creationsOf(trace: Trace, path: string): readonly number[] {
  if (path === "/") return [];
  const creation = trace.findLastIndex((request) => request.kind === "create" && request.path === path);
  return [...creationsOf(trace, parentOf(path)), ...(creation < 0 ? [] : [creation])];
}

function latestOfChildren(trace: Trace, path: string): Iterable<number> {
  const latest = new Map<string, number>();
  trace.forEach((request, k) => {
    const isChange = request.kind === "create" || request.kind === "delete";
    if (isChange && request.path !== path && parentOf(request.path) === path) latest.set(request.path, k);
  });
  return latest.values();
}

function ascending(positions: Iterable<number>): number[] {
  return [...new Set(positions)].sort((a, b) => a - b);
}
