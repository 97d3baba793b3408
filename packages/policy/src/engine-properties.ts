import {
  GroundplaneError,
  type JsonValue,
  SECRET_MARK,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  UNKNOWN_MARK,
  UNKNOWN_TEXT,
} from "@groundplane/contracts";
import deserialize from "@pulumi/policy/deserialize.js";

// The unknowns of @pulumi/policy's proxy.ts.
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  UNKNOWN_TEXT,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Properties off the engine's wire, with secrets and unknowns marked as in a change set. */
export function markWireValue(value: unknown): JsonValue {
  if (UNKNOWNS.has(value)) return UNKNOWN_MARK;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(markWireValue);
  if (typeof value !== "object" || value === null) return null;
  if (SIGNATURE_KEY in value && value[SIGNATURE_KEY] === SECRET_SIGNATURE) return SECRET_MARK;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, markWireValue(inner)]));
}

/**
 * Makes `@pulumi/policy` hand on secrets as marks. It unwraps them before a policy sees them and has no way to
 * ask, so that a rule could not tell `password: config.requireSecret(…)` from a password in plain text. Its
 * server calls `deserializeProperties` through the module's exports: that is replaced.
 *
 * @throws {POLICY_PACK_FAILED} when the installed version is built differently
 */
export function keepSecretsMarked(): void {
  const original: unknown = Reflect.get(deserialize, "deserializeProperties");
  // The server reads a resource anew for each rule; nothing of ours changes what it gets.
  const read = new WeakMap<object, JsonValue>();
  const marked = (struct: { toJavaScript(): unknown }): JsonValue => {
    const known = read.get(struct) ?? markWireValue(struct.toJavaScript());
    read.set(struct, known);
    return known;
  };
  const replaced =
    typeof original === "function" &&
    Reflect.set(
      deserialize,
      "deserializeProperties",
      (struct: { toJavaScript(): unknown }, forRemediation: boolean): unknown =>
        forRemediation ? original(struct, forRemediation) : marked(struct),
    );
  if (!replaced) {
    throw new GroundplaneError(
      "POLICY_PACK_FAILED",
      "the installed @pulumi/policy cannot be made to tell secrets from plain values: install version 1.21",
    );
  }
}

/** The properties that a policy was given as plain data, without the proxy that throws on unknowns. */
export function markedProperties(props: object): Record<string, JsonValue> {
  const plain = (value: unknown): JsonValue =>
    Array.isArray(value)
      ? value.map(plain)
      : typeof value === "object" && value !== null
        ? markedProperties(value)
        : typeof value === "string" || typeof value === "number" || typeof value === "boolean"
          ? value
          : null;
  return Object.fromEntries(Object.entries(props).map(([key, value]) => [key, plain(value)]));
}
