/** A parameter of a scenario: its values, the first or stated one being the default. */
export type Parameter =
  | { readonly kind: "one-of"; readonly default: string | number; readonly values: readonly (string | number)[] }
  | {
      readonly kind: "count";
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly any: boolean;
    }
  | { readonly kind: "flag"; readonly default: boolean };

export type ParameterValue = string | number | boolean;
export type Parameters = { readonly [name: string]: ParameterValue };

declare const valueType: unique symbol;
/** A parameter with the type of its values. */
export type TypedParameter<T> = Parameter & { readonly [valueType]?: T };

/** The values that a scenario's declared parameters take. */
export type ValuesOf<Declared> = {
  readonly [Name in keyof Declared]: Declared[Name] extends TypedParameter<infer T> ? T : never;
};

/** One of these values; the first is the default. */
export function oneOf<const T extends string | number>(first: T, ...others: readonly T[]): TypedParameter<T> {
  return { kind: "one-of", default: first, values: [first, ...others] };
}

/** A whole number of at least `min` (0 unless given) and at most `max`. */
export function count(
  fallback: number,
  limits: { readonly min?: number; readonly max?: number } = {},
): TypedParameter<number> {
  return {
    kind: "count",
    default: fallback,
    min: limits.min ?? 0,
    max: limits.max ?? Number.MAX_SAFE_INTEGER,
    any: false,
  };
}

/** A budget: a whole number, or `any` for no limit. */
export function budget(fallback: number): TypedParameter<number | "any"> {
  return { kind: "count", default: fallback, min: 0, max: Number.MAX_SAFE_INTEGER, any: true };
}

export function flag(fallback: boolean): TypedParameter<boolean> {
  return { kind: "flag", default: fallback };
}

/** The values that a parameter takes, in words. */
export function describeParameter(parameter: Parameter): string {
  switch (parameter.kind) {
    case "one-of":
      return parameter.values.join("|");
    case "flag":
      return "true|false";
    case "count": {
      const range =
        parameter.max === Number.MAX_SAFE_INTEGER
          ? `at least ${parameter.min}`
          : `${parameter.min} to ${parameter.max}`;
      return `a whole number, ${range}${parameter.any ? ", or any" : ""}`;
    }
  }
}

/**
 * The value that a text or value stands for.
 *
 * @throws with the values that are allowed, when it is none of them.
 */
export function parseParameter(name: string, parameter: Parameter, given: ParameterValue): ParameterValue {
  const text = String(given);
  switch (parameter.kind) {
    case "one-of": {
      const found = parameter.values.find((value) => String(value) === text);
      if (found !== undefined) return found;
      break;
    }
    case "flag":
      if (text === "true" || text === "false") return text === "true";
      break;
    case "count": {
      if (text === "any" && parameter.any) return text;
      const number = Number(text);
      if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= parameter.min && number <= parameter.max)
        return number;
      break;
    }
  }
  throw new Error(`The parameter ${name}=${text} cannot be used: it takes ${describeParameter(parameter)}.`);
}
