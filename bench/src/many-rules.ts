import { definePack, defineRule, isPropertyMap, type Pack } from "@groundplane/policy";
import type { PolicyPackArgs } from "@pulumi/policy";

const TYPES = ["aws:ssm/parameter:Parameter"];
const remedy = "Choose another value.";

/** What the rules forbid: no resource of the benchmark has it, so that each rule looks at everything. */
const forbidden = (index: number): string => `forbidden ${index}`;

/** So many rules that each read two properties of a parameter, with Groundplane's `defineRule`. */
export function groundplaneRules(count: number): Pack {
  const rules = Array.from({ length: count }, (_, index) =>
    defineRule({
      id: `rule-${index}`,
      title: `Rule ${index}`,
      severity: "high",
      why: "It is a benchmark.",
      remedy,
      source: "none",
      appliesTo: TYPES,
      check({ props }, report) {
        if (props["value"] === forbidden(index)) report(`the value is ${forbidden(index)}`);
        if (isPropertyMap(props["tags"]) && props["tags"]["Owner"] === forbidden(index))
          report("the owner is wrong");
      },
    }),
  );
  return definePack({ name: "many-rules", version: "1.0.0", rules });
}

/** The same rules as one writes them with `@pulumi/policy` alone. */
export function stockRules(count: number): PolicyPackArgs {
  const policies = Array.from({ length: count }, (_, index): PolicyPackArgs["policies"][number] => ({
    name: `rule-${index}`,
    description: `Rule ${index}. It is a benchmark.`,
    enforcementLevel: "mandatory",
    validateResource: ({ type, props }, report) => {
      if (!TYPES.includes(type)) return;
      if (props["value"] === forbidden(index)) report(`the value is ${forbidden(index)}`);
      if (props["tags"]?.["Owner"] === forbidden(index)) report("the owner is wrong");
    },
  }));
  return { policies };
}
