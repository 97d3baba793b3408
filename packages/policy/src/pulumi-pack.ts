import { flushCompileCache } from "node:module";
import type { Exemption, JsonValue } from "@groundplane/contracts";
import {
  type PolicyConfigSchema,
  PolicyPack,
  type ReportViolation,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { keepSecretsMarked, markedProperties } from "./engine-properties.ts";
import { applyExemptions, EXPIRED } from "./exemptions.ts";
import { type Judgement, judge } from "./judge.ts";
import { type Pack, parseExemption } from "./pack.ts";
import { viewProperties } from "./property-view.ts";
import type { ResourceView, Rule } from "./rule.ts";

const foundBy = "engine";

/**
 * Serves the pack to the engine that started this process: resource rules on each registration, stack rules at
 * the end. Delete rules have no place there. Call it once, from the `main` of `PulumiPolicy.yaml`.
 *
 * @throws {POLICY_PACK_FAILED} when the installed `@pulumi/policy` does not let secrets be told from plain values
 */
export function toPulumiPack(pack: Pack): PolicyPack {
  keepSecretsMarked();
  // The engine ends packs by force: what Node compiled would be kept for the next start only at a normal end.
  setImmediate(flushCompileCache);
  return new PolicyPack(pack.name, { policies: toPolicies(pack) });
}

/** The pack's rules as policies of the engine. */
export function toPolicies(pack: Pack): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const asked: Asked | undefined = pack.definitions.some(({ kind }) => kind === "stack")
    ? new Map()
    : undefined;
  return pack.definitions.flatMap((rule) => {
    if (rule.kind === "resource") return [resourcePolicy(pack, rule, asked)];
    return rule.kind === "stack" ? [stackPolicy(pack, rule, asked)] : [];
  });
}

/**
 * Inputs by URN, as the resource policies saw them. The engine shows stack policies outputs, and some resources do not
 * put out what they were made from.
 */
type Asked = Map<string, Record<string, JsonValue>>;

function resourcePolicy(
  pack: Pack,
  rule: Extract<Rule, { kind: "resource" }>,
  asked: Asked | undefined,
): ResourceValidationPolicy {
  return {
    ...policyText(rule),
    validateResource(args, reportViolation) {
      if (asked?.has(args.urn) === false) asked.set(args.urn, markedProperties(args.props));
      if (!rule.applies(args.type)) return;
      const resource = viewOf(args);
      const judgements = judge(rule, { pack, foundBy, urn: args.urn }, (report) =>
        rule.check(resource, report),
      );
      tell(pack, rule, judgements, args.getConfig(), reportViolation);
    },
  };
}

function stackPolicy(
  pack: Pack,
  rule: Extract<Rule, { kind: "stack" }>,
  asked: Asked | undefined,
): StackValidationPolicy {
  return {
    ...policyText(rule),
    validateStack(args, reportViolation) {
      const resources = args.resources.map(({ urn, type, name, props, provider }) =>
        viewOf({
          ...{ urn, type, name, ...(provider !== undefined && { provider }) },
          props: { ...asked?.get(urn), ...markedProperties(props) },
        }),
      );
      const stack = { resources };
      const judgements = judge(rule, { pack, foundBy }, (report) => rule.check(stack, report));
      tell(pack, rule, judgements, args.getConfig(), reportViolation);
    },
  };
}

const viewOf = (args: {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: object;
  readonly provider?: { readonly urn: string; readonly name: string; readonly props: object };
}): ResourceView => ({
  urn: args.urn,
  type: args.type,
  name: args.name,
  props: viewProperties(markedProperties(args.props)),
  ...(args.provider !== undefined && {
    provider: {
      urn: args.provider.urn,
      name: args.provider.name,
      props: viewProperties(markedProperties(args.provider.props)),
    },
  }),
});

function tell(
  pack: Pack,
  rule: Rule,
  judgements: readonly Judgement[],
  config: object,
  reportViolation: ReportViolation,
): void {
  if (judgements.length === 0) return;
  const judged = applyExemptions(judgements, {
    exemptions: [...pack.exemptions, ...configuredExemptions(rule.summary.id, config)].filter(
      (exemption) => exemption.rule === rule.summary.id,
    ),
    today: new Date().toISOString().slice(0, 10),
    pack,
    foundBy,
    reportUnused: false,
  });
  for (const { finding, because } of judged) {
    if (finding.status === "exempted") continue;
    const text = `${finding.message}\nTo mend: ${finding.remedy}`;
    const from = `policy '${rule.summary.id}' from policy pack '${pack.name}@v${pack.version}'`;
    const violation: Violation = {
      // Unknowns as @pulumi/policy words and ranks them: the engine evaluates again, on real values, during up.
      ...(because === "unknown"
        ? { message: `can't run ${from} during preview: ${text}`, enforcementLevel: "advisory" }
        : { message: text }),
      ...(finding.title === EXPIRED ? { enforcementLevel: finding.enforcement } : {}),
      ...(finding.urn === undefined ? {} : { urn: finding.urn }),
    };
    // Version 1.21 takes an object here, and its typings do not say so yet.
    Reflect.apply(reportViolation, undefined, [violation]);
  }
}

interface Violation {
  readonly message: string;
  /** @default - the policy's, as configured */
  readonly enforcementLevel?: "mandatory" | "advisory";
  /** @default - the resource that is checked; the stack in a stack policy */
  readonly urn?: string;
}

/** The rule's exemptions in the policy pack configuration: `{ "<rule>": { "exemptions": [{ "resource": … }] } }`. */
function configuredExemptions(rule: string, config: object): readonly Exemption[] {
  const list: unknown = "exemptions" in config ? config.exemptions : [];
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) =>
    parseExemption(
      typeof entry === "object" && entry !== null ? { rule, ...entry } : entry,
      `"${rule}" in the policy pack configuration`,
    ),
  );
}

function policyText({ summary }: Rule) {
  return {
    name: summary.id,
    displayName: summary.title,
    description: `${summary.title}. ${summary.why}`,
    enforcementLevel: summary.enforcement,
    severity: summary.severity,
    remediationSteps: summary.remedy,
    configSchema,
  };
}

const configSchema: PolicyConfigSchema = {
  properties: {
    exemptions: {
      type: "array",
      description: "Resources that may break this rule until a date.",
      items: {
        type: "object",
        required: ["resource", "reason", "who", "until"],
        properties: {
          resource: { type: "string", minLength: 1, description: "URN, or a pattern with *" },
          reason: { type: "string", minLength: 10 },
          who: { type: "string", minLength: 1 },
          until: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "last day, UTC" },
        },
      },
    },
  },
};
