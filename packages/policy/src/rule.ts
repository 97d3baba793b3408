import {
  type ChangeOperation,
  type Enforcement,
  GroundplaneError,
  matchesGlob,
  type ResourceChange,
  type RuleSummary,
  ruleSummarySchema,
} from "@groundplane/contracts";
import type { PropertyMap } from "./property-view.ts";
import type { PropertyRead, RuleExamples } from "./rule-examples.ts";

/** The provider that makes a resource. */
export interface ProviderView {
  readonly urn: string;
  readonly name: string;
  /** Its config, as far as it is known. */
  readonly props: PropertyMap;
}

/** A resource as it will be. */
export interface ResourceView<Properties = PropertyMap> {
  readonly urn: string;
  /** Type token: `aws:ec2/securityGroup:SecurityGroup`. */
  readonly type: string;
  readonly name: string;
  /** Inputs. Reading an unknown makes the rule `not-evaluated`; a secret reads as a `SecretValue`. */
  readonly props: Properties;
  /** Absent for components, and for providers themselves. */
  readonly provider?: ProviderView;
  /** What happens to it. Absent in the engine, which does not tell. */
  readonly operation?: ChangeOperation;
}

/** All resources that exist afterwards. */
export interface StackView {
  readonly resources: readonly ResourceView[];
  /** Everything that is not `same`. Absent in the engine, which does not tell: deletes are for delete rules. */
  readonly changes?: readonly ResourceChange[];
}

export interface ReportDetails {
  /** @default - the resource that is checked; none in a stack rule */
  readonly urn?: string;
  /** @default - the rule's own remedy */
  readonly remedy?: string;
}

/** Says what is wrong, with the offending value. May be called several times. */
export type Report = (message: string, details?: ReportDetails) => void;

/** What every rule says of itself. */
export interface RuleText {
  /** Lower-case letters, digits and dashes; the name of the policy in the engine. */
  readonly id: string;
  readonly title: string;
  readonly severity: RuleSummary["severity"];
  /** @default "mandatory" */
  readonly enforcement?: Enforcement;
  readonly why: string;
  /** How to mend it, in the imperative. */
  readonly remedy: string;
  /** Control, manual section or provider limit that it comes from. */
  readonly source: string;
  /** @default - none */
  readonly examples?: RuleExamples;
  /** Properties that it looks at, for tests that compare them with the SDK. @default - not told */
  readonly reads?: readonly PropertyRead[];
}

/**
 * Judges each resource by itself. `check` is pure and synchronous.
 *
 * @typeParam Properties - what `props` is read as, for rules on one type: `Unwrap<ec2.SecurityGroupArgs>`
 */
export interface ResourceRule<Properties = PropertyMap> extends RuleText {
  /** Type tokens, in which `*` stands for any run of characters; or every type. */
  readonly appliesTo: "any" | readonly string[];
  check(resource: ResourceView<Properties>, report: Report): void;
}

/** Judges the resources of a stack together. */
export interface StackRule extends RuleText {
  readonly appliesTo: "stack";
  check(stack: StackView, report: Report): void;
}

/** Judges what is deleted or replaced. Only the review of a change set sees that, never the engine's packs. */
export interface DeleteRule extends RuleText {
  readonly appliesTo: "delete";
  check(change: ResourceChange, report: Report): void;
}

/** A rule whose definition was checked. */
export type Rule = {
  readonly summary: RuleSummary;
  readonly examples?: RuleExamples;
  /** Empty when the rule does not tell. */
  readonly reads: readonly PropertyRead[];
} & (
  | {
      readonly kind: "resource";
      readonly types: "any" | readonly string[];
      applies(type: string): boolean;
      check(resource: ResourceView, report: Report): void;
    }
  | { readonly kind: "stack"; check(stack: StackView, report: Report): void }
  | { readonly kind: "delete"; check(change: ResourceChange, report: Report): void }
);

/**
 * Makes a rule of its definition.
 *
 * @throws {POLICY_RULE_INVALID} when a text is empty, the id is not lower-case with dashes, or nothing is applied to
 *
 * @example
 * export const namedQueues = defineRule({
 *   id: "named-queues",
 *   title: "Queues are named by us",
 *   severity: "low",
 *   why: "A generated name changes with every replacement, and consumers lose the queue.",
 *   remedy: "Set name.",
 *   source: "Operations handbook, queues",
 *   appliesTo: ["aws:sqs/queue:Queue"],
 *   check({ props }, report) {
 *     if (props.name === undefined) report("the queue has no name");
 *   },
 * });
 */
export function defineRule(definition: StackRule): Rule;
export function defineRule(definition: DeleteRule): Rule;
export function defineRule<Properties = PropertyMap>(definition: ResourceRule<Properties>): Rule;
export function defineRule(definition: ResourceRule | StackRule | DeleteRule): Rule {
  const summary = summaryOf(definition);
  const { examples, reads = [] } = definition;
  const common = { summary, reads, ...(examples !== undefined && { examples }) };
  switch (definition.appliesTo) {
    case "stack":
      return { ...common, kind: "stack", check: (stack, report) => definition.check(stack, report) };
    case "delete":
      return { ...common, kind: "delete", check: (change, report) => definition.check(change, report) };
    default:
      return {
        ...common,
        kind: "resource",
        types: definition.appliesTo,
        applies: typeMatcher(summary.id, definition.appliesTo),
        check: (resource, report) => definition.check(resource, report),
      };
  }
}

function summaryOf(definition: RuleText): RuleSummary {
  const { id, title, severity, enforcement = "mandatory", why, remedy, source } = definition;
  const parsed = ruleSummarySchema
    .required({ source: true })
    .safeParse({ id, title, severity, enforcement, why, remedy, source });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new GroundplaneError(
    "POLICY_RULE_INVALID",
    `rule "${String(id)}" is not well defined: ${issues.join("; ")}`,
    { facts: { rule: String(id), issues } },
  );
}

function typeMatcher(id: string, appliesTo: "any" | readonly string[]): (type: string) => boolean {
  if (appliesTo === "any") return () => true;
  if (!Array.isArray(appliesTo) || appliesTo.length === 0) {
    throw new GroundplaneError(
      "POLICY_RULE_INVALID",
      `rule "${id}" applies to nothing: give appliesTo type tokens such as "aws:s3/bucket:Bucket" or "aws:*", or "any", "stack" or "delete"`,
      { facts: { rule: id } },
    );
  }
  const exact = new Set(appliesTo.filter((token) => !token.includes("*")));
  const patterns = appliesTo.filter((token) => token.includes("*"));
  return (type) => exact.has(type) || patterns.some((pattern) => matchesGlob(pattern, type));
}
