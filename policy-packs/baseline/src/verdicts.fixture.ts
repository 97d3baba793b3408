import type { JsonValue } from "@groundplane/contracts";
import { definePack, type Rule } from "@groundplane/policy";
import { creationOf } from "../../../test/pack-examples.ts";

export interface Planned {
  readonly type: string;
  readonly name?: string;
  readonly inputs: Readonly<Record<string, JsonValue>>;
}

/** What a rule says of resources, each as `status: message`. */
export async function verdicts(rule: Rule, ...resources: readonly Planned[]): Promise<readonly string[]> {
  const pack = definePack({ name: "test", version: "1.0.0", rules: [rule] });
  const findings = await pack.review({
    exemptions: [],
    today: "2026-11-21",
    changeSet: creationOf(resources.map(({ name = "it", ...resource }) => ({ ...resource, name }))),
  });
  return findings.map(({ status, message }) => `${status}: ${message}`);
}
