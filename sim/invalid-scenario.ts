/** A scenario that cannot be used: what was found, where, and what to do next. */
export class InvalidScenario extends Error {
  override readonly name = "InvalidScenario";
  constructor(scenario: string, problem: string) {
    super(`The scenario ${scenario} cannot be used: ${problem}`);
  }
}
