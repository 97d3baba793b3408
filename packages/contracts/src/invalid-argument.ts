import { GroundplaneError } from "./errors.ts";

type Fact = string | number | boolean | readonly string[];

/**
 * The error for an argument that is not valid: what it is, and what to give instead.
 *
 * @example
 * throw invalidArgument(`port is ${port}; give 1 to 65535`, { port });
 */
export function invalidArgument(
  message: string,
  facts: Readonly<Record<string, Fact>> = {},
): GroundplaneError {
  return new GroundplaneError("INVALID_ARGUMENT", message, { facts });
}

/**
 * Checks a whole number.
 *
 * @throws {INVALID_ARGUMENT} it is not whole, or outside of the bounds.
 */
export function checkWhole(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw invalidArgument(`${name} is ${value}; give a whole number from ${min} to ${max}`, {
    argument: name,
    value,
  });
}

/**
 * Checks one of a few values, for callers without types.
 *
 * @throws {INVALID_ARGUMENT} it is none of them.
 */
export function checkOneOf<Value extends string | number>(
  name: string,
  value: Value | undefined,
  values: readonly Value[],
): void {
  if (value === undefined || values.includes(value)) return;
  throw invalidArgument(`${name} is "${value}"; choose one of ${values.join(", ")}`, {
    argument: name,
    value,
  });
}
