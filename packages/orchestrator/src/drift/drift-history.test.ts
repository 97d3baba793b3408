import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DriftReport } from "@groundplane/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DriftHistory, KEPT_REPORTS } from "./drift-history.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "drift-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const report = (second: number, checked = 1): DriftReport => ({
  schema: "groundplane.dev/drift/v1",
  project: "test",
  stack: "net",
  environment: "dev",
  sandbox: true,
  checkedAt: new Date(Date.UTC(2026, 10, 21, 0, 0, second)).toISOString(),
  state: `sha256:${"0".repeat(64)}`,
  checked,
  items: [],
  expiredIgnores: [],
  caveats: [],
});

test("lists newest first, each stack its own", () => {
  const history = new DriftHistory(folder, "dev", "net");
  for (const second of [2, 3, 1]) history.add(report(second));
  expect(history.list(2)).toEqual([report(3), report(2)]);
  expect(new DriftHistory(folder, "dev", "other").list(10)).toEqual([]);
});

test("keeps two reports of one moment", () => {
  const history = new DriftHistory(folder, "dev", "net");
  history.add(report(1, 1));
  history.add(report(1, 2));
  expect(history.list(10)).toHaveLength(2);
});

test("the oldest go when there are too many", () => {
  const history = new DriftHistory(folder, "dev", "net");
  for (let second = 0; second < KEPT_REPORTS + 5; second += 1) history.add(report(second));
  expect(readdirSync(join(folder, "drift/dev/net"))).toHaveLength(KEPT_REPORTS);
  expect(history.list(1000).at(-1)).toEqual(report(5));
});

test("fails when a report was cut short, naming its file", () => {
  const history = new DriftHistory(folder, "dev", "net");
  history.add(report(1));
  const [name = ""] = readdirSync(join(folder, "drift/dev/net"));
  writeFileSync(join(folder, "drift/dev/net", name), '{"schema":');
  expect(() => history.list(10)).toThrow(name);
});
