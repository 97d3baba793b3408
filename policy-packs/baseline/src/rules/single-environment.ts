import { defineRule, select } from "@groundplane/policy";

export const singleEnvironment = defineRule({
  id: "single-environment",
  title: "A stack belongs to one environment",
  severity: "high",
  why: "State is kept apart by environment; a stack that holds two lets a change for one break the other.",
  remedy: "Give the resource the stack's Environment tag, or move it to a stack of its own environment.",
  source: "Operating manual, section 4, Always Do 3",
  appliesTo: "stack",
  check({ resources }, report) {
    const tagged = resources.flatMap(({ urn, props }) =>
      select(props, "tags.Environment")
        // What cannot be read, required-tags already reports with the resource.
        .filter(({ unreadable }) => unreadable === undefined)
        .flatMap(({ value }) =>
          typeof value === "string" && value !== "" ? [{ urn, environment: value }] : [],
        ),
    );
    const counts = new Map<string, number>();
    for (const { environment } of tagged) counts.set(environment, (counts.get(environment) ?? 0) + 1);
    const [own] = [...counts].sort(([a, inA], [b, inB]) => inB - inA || a.localeCompare(b));
    for (const { urn, environment } of tagged) {
      if (own === undefined || environment === own[0]) continue;
      report(
        `is tagged Environment "${environment}", where ${own[1]} of the stack's resources are "${own[0]}"`,
        {
          urn,
        },
      );
    }
  },
});
