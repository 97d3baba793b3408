import {
  type Exemption,
  exemptionSchema,
  GroundplaneError,
  type ReviewPack,
  type ReviewRequest,
} from "@groundplane/contracts";
import { reviewChangeSet } from "./review.ts";
import type { Rule } from "./rule.ts";

export interface PackIdentity {
  readonly name: string;
  readonly version: string;
}

export interface PackDefinition {
  /**
   * Name in findings and in the engine.
   *
   * @format 1 to 100 letters, digits, dashes, underscores and dots
   */
  readonly name: string;
  /** Version of the package that holds the pack. */
  readonly version: string;
  readonly rules: readonly Rule[];
  /** @default - none */
  readonly exemptions?: readonly Exemption[];
}

/** Rules and exemptions as one unit, ready to review a change set. `toPulumiPack` serves it to the engine. */
export interface Pack extends ReviewPack {
  readonly definitions: readonly Rule[];
  readonly exemptions: readonly Exemption[];
}

// What the engine takes for a pack: @pulumi/policy, packNameRE.
const PACK_NAME = /^[a-zA-Z0-9-_.]{1,100}$/;

/**
 * Makes a pack of rules and exemptions.
 *
 * @throws {POLICY_RULE_INVALID} when the name does not fit, two rules share an id, or an exemption is malformed
 * or names no rule of the pack
 *
 * @example
 * export const pack = definePack({ name: "acme", version: "1.0.0", rules: [namedQueues] });
 */
export function definePack(definition: PackDefinition): Pack {
  const { name, version, rules, exemptions = [] } = definition;
  const pack: PackIdentity = { name, version };
  if (!PACK_NAME.test(name)) {
    throw invalid(
      `"${name}" is no name for a pack: use 1 to 100 letters, digits, dashes, underscores or dots`,
    );
  }
  const ids = new Set<string>();
  for (const { summary } of rules) {
    if (ids.has(summary.id)) throw invalid(`pack "${name}" has two rules "${summary.id}": rename one`);
    ids.add(summary.id);
  }
  const own = exemptions.map((exemption) => parseExemption(exemption, `pack "${name}"`));
  const stray = own.find((exemption) => !ids.has(exemption.rule));
  if (stray !== undefined) {
    throw invalid(
      `pack "${name}" exempts ${stray.resource} from "${stray.rule}", and has no such rule: name one of ${[...ids].join(", ")}`,
    );
  }
  return {
    ...pack,
    rules: rules.map((rule) => rule.summary),
    definitions: rules,
    exemptions: own,
    review: async (request: ReviewRequest) =>
      reviewChangeSet(
        { pack, rules, exemptions: [...own, ...request.exemptions.filter(({ rule }) => ids.has(rule))] },
        request,
      ),
  };
}

/** @throws {POLICY_RULE_INVALID} naming the field and where the exemption stands */
export function parseExemption(exemption: unknown, where: string): Exemption {
  const parsed = exemptionSchema.safeParse(exemption);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw invalid(`an exemption of ${where} is malformed: ${issues.join("; ")}`);
}

const invalid = (message: string): GroundplaneError => new GroundplaneError("POLICY_RULE_INVALID", message);
