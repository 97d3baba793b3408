import { expect, it } from "vitest";
import { withRuleTable } from "./rule-table.ts";

const rules = [
  {
    id: "named-queues",
    title: "Queues are named",
    severity: "low",
    enforcement: "mandatory",
    why: "So.",
    remedy: "Set name.",
    source: "Handbook",
  },
] as const;

it("writes the rules between the marks, and the same again", () => {
  const once = withRuleTable("# Pack\n\n<!-- rules: generated -->\nold\n<!-- /rules -->\n\nMore.\n", rules);
  expect(once).toContain("| [`named-queues`](#named-queues) | low      | mandatory   | Queues are named |");
  expect(once).toContain("### named-queues\n\nSo.\n\nTo mend: Set name.\n\nSource: Handbook.");
  expect(once).not.toContain("old");
  expect(once.endsWith("<!-- /rules -->\n\nMore.\n")).toBe(true);
  expect(withRuleTable(once, rules)).toBe(once);
});

it("adds them at the end of a page without marks", () => {
  const once = withRuleTable("# Pack\n", rules);
  expect(once.startsWith("# Pack\n\n<!-- rules: generated -->\n")).toBe(true);
  expect(withRuleTable(once, rules)).toBe(once);
});
