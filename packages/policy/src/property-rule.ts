import { type Expectation, foundText, meets, wantedText } from "./expectation.ts";
import { openingsOf } from "./openings.ts";
import { type PropertyMap, select } from "./property-view.ts";
import { defineRule, type Rule, type RuleText } from "./rule.ts";
import type { ExampleResource } from "./rule-examples.ts";

/** A rule as data: properties of some types, and what they must be. */
export interface PropertyRuleDefinition extends Omit<RuleText, "examples" | "reads"> {
  /** Exact type tokens. The examples are of the first one. */
  readonly types: readonly [string, ...string[]];
  /** Paths; each must be as expected. `[*]` for each element of a list, of which there may be none. */
  readonly properties: readonly string[];
  readonly mustBe: Expectation;
  /** Nothing is asked of a resource for which one of these does not hold. @default - always */
  readonly when?: Readonly<Record<string, Expectation>>;
  /** A tag `Opening:…` with a reason lets a resource pass. @default false */
  readonly mayBeOpened?: boolean;
  /** Inputs of a resource that passes. */
  readonly passing: ExampleResource["inputs"];
  /** Inputs of a resource that is reported. */
  readonly failing: ExampleResource["inputs"];
}

/**
 * Makes a rule of a line of data.
 *
 * @throws {POLICY_RULE_INVALID} as `defineRule`
 *
 * @example
 * export const keyRotation = definePropertyRule({
 *   id: "key-rotation",
 *   title: "Keys rotate every year",
 *   severity: "medium",
 *   why: "A key that never changes protects everything that was ever written.",
 *   remedy: "Set enableKeyRotation: true.",
 *   source: "CIS AWS Foundations v3.0.0 3.6",
 *   types: ["aws:kms/key:Key"],
 *   properties: ["enableKeyRotation"],
 *   mustBe: "true",
 *   passing: { enableKeyRotation: true },
 *   failing: {},
 * });
 */
export function definePropertyRule(definition: PropertyRuleDefinition): Rule {
  const { types, properties, mustBe, when = {}, mayBeOpened = false, passing, failing, ...text } = definition;
  const [type] = types;
  return defineRule({
    ...text,
    appliesTo: types,
    reads: types.flatMap((each) =>
      [...properties, ...Object.keys(when)].map((property) => ({ type: each, property })),
    ),
    examples: { passing: [{ type, inputs: passing }], failing: [{ type, inputs: failing }] },
    check({ props }, report) {
      if (!Object.entries(when).every(([property, expected]) => holds(props, property, expected))) return;
      for (const ref of properties.flatMap((property) => select(props, property))) {
        if (meets(mustBe, ref) || (mayBeOpened && openingsOf(props).length > 0)) continue;
        report(`${foundText(ref)}, and must be ${wantedText(mustBe)}`);
      }
    },
  });
}

const holds = (props: PropertyMap, property: string, expected: Expectation): boolean =>
  select(props, property).every((ref) => meets(expected, ref));
