import type { ChangeSet, Finding } from "@groundplane/contracts";
import type { ExampleResource, Pack } from "@groundplane/policy";

/** A resource of an example, named after its rule: `rds-backups-passing-0`. */
export interface NamedExample extends ExampleResource {
  readonly rule: string;
  readonly name: string;
}

/** The examples of all rules of a pack. */
export function examplesOf(pack: Pack, verdict: "passing" | "failing"): readonly NamedExample[] {
  return pack.definitions.flatMap(({ summary, examples }) =>
    (examples?.[verdict] ?? []).map((example, index) => ({
      ...example,
      rule: summary.id,
      name: `${summary.id}-${verdict}-${index}`,
    })),
  );
}

/** A change set that makes these. */
export function creationOf(resources: readonly (ExampleResource & { readonly name: string })[]): ChangeSet {
  return {
    schema: "groundplane.dev/change-set/v1",
    project: "examples",
    stack: "examples",
    environment: "dev",
    operation: "update",
    counts: { create: resources.length },
    changes: [],
    planned: resources.map(({ type, name, inputs }) => ({
      urn: `urn:pulumi:dev::examples::${type}::${name}`,
      type,
      name,
      operation: "create",
      custom: true,
      inputs,
    })),
    outputs: [],
  };
}

/** `rule name status`, where a finding names its resource. */
export function verdictOf({ rule, urn = "", status }: Pick<Finding, "rule" | "urn" | "status">): string {
  return `${rule} ${urn.slice(urn.lastIndexOf("::") + 2)} ${status}`;
}
