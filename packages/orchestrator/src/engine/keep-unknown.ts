import { GroundplaneError } from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";
import { holdsUnknown, UNKNOWN_TEXT } from "./unknown-value.ts";

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A value in which every text that was built from an unknown one is unknown itself: without it, the engine would
 * plan with the mark's own letters.
 */
export function keepUnknown(value: unknown): unknown {
  if (typeof value === "string") return holdsUnknown(value) ? UNKNOWN_TEXT : value;
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.Output.isInstance(value)) return value.apply(keepUnknown);
  if (value instanceof Promise) return value.then(keepUnknown);
  if (Array.isArray(value)) return value.map(keepUnknown);
  if (pulumi.asset.Asset.isInstance(value) && "text" in value) {
    const asset: unknown = value;
    return Promise.resolve<unknown>(value.text).then((text) =>
      typeof text === "string" && holdsUnknown(text) ? UNKNOWN_TEXT : asset,
    );
  }
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value);
  if (entries.some(([key]) => holdsUnknown(key))) return UNKNOWN_TEXT;
  return Object.fromEntries(entries.map(([key, inner]) => [key, keepUnknown(inner)]));
}

/**
 * From here on, what the program gives to a resource goes through `keepUnknown`. For previews only.
 *
 * @throws {UPSTREAM_NOT_KNOWN} from the program, where it names a resource after an unknown value.
 */
export function keepUnknownInResources(): void {
  pulumi.runtime.registerStackTransformation(({ name, type, props, opts }) => {
    if (holdsUnknown(name)) {
      throw new GroundplaneError(
        "UPSTREAM_NOT_KNOWN",
        `a ${type} is named after an output that is not known yet, so it cannot be planned.`,
        { facts: { type } },
      );
    }
    const kept = Object.entries(props).map(([key, value]) => [key, keepUnknown(value)]);
    return { props: Object.fromEntries(kept), opts };
  });
}
