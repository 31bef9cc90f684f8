import type { Specification } from "../specification.js";
import { refuseUnless } from "./register.js";

/** A lock: `acquire` when it is free, `release` by the process that holds it. */
export function lock(): Specification<string | null> {
  return {
    name: "lock",
    initial: null,
    usesProcess: true,
    apply: (holder, request) => {
      if (request.f === "acquire") {
        return holder === null ? { state: request.process } : `the lock is held by process ${holder}`;
      }
      if (holder === null) return "nobody holds the lock";
      return holder === request.process ? { state: null } : `the lock is held by process ${holder}`;
    },
    refusal: (request) => refuseUnless(["acquire", "release"], request, "lock"),
    partitionBy: (request) => request.key,
  };
}
