import { type ChangeSet, type Finding, type JsonValue, nameOfUrn } from "@groundplane/contracts";
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

type Named = ExampleResource & { readonly name: string };

/** Gives what stands beside an example a name too. */
export function withBeside(resources: readonly Named[]): readonly Named[] {
  return resources.flatMap(({ beside = [], ...one }) => [
    one,
    ...beside.map((other, index) => ({ ...other, name: `${one.name}-beside-${index}` })),
  ]);
}

/** The hypervisor that examples of libvirt are on, unless they say otherwise. */
export const HYPERVISOR_PROVIDER = {
  type: "pulumi:providers:libvirt",
  name: "r820",
  inputs: {
    uri: "qemu+ssh://ops@10.220.1.11/system?keyfile=/keys/r820&knownhosts=/keys/known_hosts",
  },
} as const;

const urnOf = (type: string, name: string): string => `urn:pulumi:dev::examples::${type}::${name}`;

function providerOf({ type, byDefaultProvider }: ExampleResource): { readonly provider?: string } {
  if (!type.startsWith("libvirt:")) return {};
  const { type: provider, name } = HYPERVISOR_PROVIDER;
  return { provider: `${urnOf(provider, byDefaultProvider === true ? "default_0_5_4" : name)}::id` };
}

/** A change set that makes these, and what stands beside them. */
export function creationOf(examples: readonly Named[]): ChangeSet {
  const resources = [
    ...(examples.some(({ type }) => /^(groundplane:)?libvirt:/.test(type)) ? [HYPERVISOR_PROVIDER] : []),
    ...withBeside(examples),
  ];
  return {
    schema: "groundplane.dev/change-set/v1",
    project: "examples",
    stack: "examples",
    environment: "dev",
    operation: "update",
    counts: { create: resources.length },
    changes: [],
    planned: resources.map((resource: Named) => ({
      urn: urnOf(resource.type, resource.name),
      type: resource.type,
      name: resource.name,
      operation: "create",
      custom: !resource.type.startsWith("groundplane:"),
      ...providerOf(resource),
      inputs: resource.inputs,
    })),
    outputs: [],
  };
}

/** `rule name status`, where a finding names its resource. */
export function verdictOf({ rule, urn = "", status }: Pick<Finding, "rule" | "urn" | "status">): string {
  return `${rule} ${nameOfUrn(urn)} ${status}`;
}

/** Asks a pack: what one of its rules says of one resource, each as `status: message`. */
export function verdictsOf(pack: Pack) {
  return async (
    rule: string,
    type: string,
    inputs: Readonly<Record<string, JsonValue>>,
  ): Promise<readonly string[]> => {
    const findings = await pack.review({
      changeSet: creationOf([{ type, name: "it", inputs }]),
      exemptions: [],
      today: "2026-11-21",
    });
    return findings
      .filter((finding) => finding.rule === rule)
      .map(({ status, message }) => `${status}: ${message}`);
  };
}
