import { GroundplaneError } from "@groundplane/contracts";

/** What was created for a part of the plan. The plan only refers to parts of itself, so that it is there. */
export function planned<Key extends string, Value>(created: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = created.get(key);
  if (value === undefined) {
    throw new GroundplaneError("INVALID_ARGUMENT", `The plan refers to ${key}, which it does not contain`);
  }
  return value;
}
