/**
 * A place in data as text. What is in a list goes by its name too, where it has one: nobody counts to the seventh machine.
 *
 * @returns such as `machines.6 (hermes).size`.
 */
export function placeText(data: unknown, path: readonly PropertyKey[]): string {
  let value = data;
  return path
    .map((key) => {
      const listed = Array.isArray(value);
      value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
      const name: unknown =
        listed && typeof value === "object" && value !== null ? Reflect.get(value, "name") : undefined;
      return typeof name === "string" ? `${String(key)} (${name})` : String(key);
    })
    .join(".");
}
