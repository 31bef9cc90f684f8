import type { Specification } from "../checker/provenance/specification.js";
import type { PageRequest } from "./stateless/request.js";

/** Whittaker et al. (SoCC 2018, section 4.2): a stateless service answers without any past. */
export const statelessProvenance: Specification<PageRequest> = () => [[]];
