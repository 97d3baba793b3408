import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "./finding.ts";
import { toSarif } from "./findings-sarif.ts";

/** Whatever a pack, a resource's name or a provider may hold, and the names that objects have by themselves. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom("__proto__", "constructor", "toString", "\u001b[2J", "</script>", "\u202e", "\u0000"),
);
const filled = text.filter((value) => value !== "");

const findings: fc.Arbitrary<Finding[]> = fc.array(
  fc.record(
    {
      rule: filled,
      title: text,
      severity: fc.constantFrom("low", "medium", "high", "critical"),
      enforcement: fc.constantFrom("mandatory", "advisory"),
      status: fc.constantFrom("violation", "not-evaluated"),
      urn: text,
      message: text,
      remedy: text,
      pack: fc.record({ name: filled, version: filled }),
      foundBy: fc.constantFrom("engine", "pipeline", "data-guard"),
    },
    {
      requiredKeys: [
        "rule",
        "title",
        "severity",
        "enforcement",
        "status",
        "message",
        "remedy",
        "pack",
        "foundBy",
      ],
    },
  ),
  { maxLength: 8 },
);

test("each finding of any text is one result, whose rule is the one at its index", () => {
  fc.assert(
    fc.property(findings, fc.boolean(), (given, strict) => {
      const log = toSarif(given, { strict });
      // Nothing of it is lost on its way through a file.
      expect(JSON.parse(JSON.stringify(log))).toEqual(log);
      const [run] = log.runs;
      const { rules } = run?.tool.driver ?? { rules: [] };
      expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
      expect(run?.results.map(({ ruleId }) => ruleId)).toEqual(given.map(({ rule }) => rule));
      for (const { ruleId, ruleIndex } of run?.results ?? []) expect(rules[ruleIndex]?.id).toBe(ruleId);
    }),
  );
});
