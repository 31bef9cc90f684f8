import type { Value } from "../../../sim/value.js";
import type { AnySpecification } from "../specification.js";
import { counter } from "./counter.js";
import { keyValue } from "./key-value.js";
import { lock } from "./lock.js";
import { queue } from "./queue.js";
import { casRegister, register } from "./register.js";
import { setModel } from "./set.js";

/** The names of the sequential specifications that come with Hindcast. */
export const modelNames = ["register", "cas-register", "key-value", "set", "queue", "lock", "counter"] as const;
export type ModelName = (typeof modelNames)[number];

/** The sequential specification of that name, starting from `initial` where the object has a content to start from. */
export function modelOf(name: ModelName, initial?: Value): AnySpecification {
  switch (name) {
    case "register":
      return register(initial);
    case "cas-register":
      return casRegister(initial);
    case "key-value":
      return keyValue(initial);
    case "set":
      return setModel();
    case "queue":
      return queue();
    case "lock":
      return lock();
    case "counter":
      return counter(initial);
  }
}
