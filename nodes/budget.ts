/** How often something periodic may still happen: a count, or `any` for no limit and no counter in the state. */
export type Budget = number | "any";

/** One less; `any` stays. */
export function spend(budget: Budget): Budget {
  return budget === "any" ? budget : budget - 1;
}

export function isSpent(budget: Budget): boolean {
  return budget === 0;
}

/** Gives the budget back. @throws RangeError unless it is a whole number that is not negative, or `any`. */
export function requireBudget(name: string, budget: Budget): Budget {
  if (budget === "any" || (Number.isInteger(budget) && budget >= 0)) return budget;
  throw new RangeError(`The budget "${name}" is ${budget}; give a whole number, 0 or more, or "any".`);
}
