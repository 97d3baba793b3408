import type { JsonValue } from "@groundplane/contracts";
import { definePack, type Rule } from "@groundplane/policy";

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
    changeSet: {
      schema: "groundplane.dev/change-set/v1",
      project: "shop",
      stack: "shop",
      environment: "dev",
      operation: "update",
      counts: {},
      changes: [],
      planned: resources.map(({ type, name = "it", inputs }) => ({
        urn: `urn:pulumi:dev::shop::${type}::${name}`,
        type,
        name,
        operation: "create",
        custom: true,
        inputs,
      })),
      outputs: [],
    },
  });
  return findings.map(({ status, message }) => `${status}: ${message}`);
}
