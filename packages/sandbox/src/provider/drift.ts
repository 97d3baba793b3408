import { canonicalJson, type JsonValue } from "@groundplane/contracts";
import type { Properties } from "@groundplane/provider";
import type { ResourceShape } from "../catalog/shape.ts";
import type { SandboxResource } from "../store/store.ts";

/** The state's inputs, with what has drifted in the cloud since. */
export function driftedInputs(
  row: SandboxResource,
  resource: ResourceShape,
  base: Properties,
  outputs: Properties,
): Properties {
  const current: Record<string, JsonValue> = { ...base };
  for (const name of Object.keys(resource.inputs)) {
    // What the cloud computes for itself is no input, unless the program said it.
    if (current[name] === undefined && resource.outputs[name]?.u !== 1) continue;
    if (canonicalJson(row.written[name] ?? null) === canonicalJson(row.outputs[name] ?? null)) continue;
    const value = outputs[name];
    if (value === undefined) delete current[name];
    else current[name] = value;
  }
  return current;
}
