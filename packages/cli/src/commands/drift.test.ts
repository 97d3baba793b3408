import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { FakeHost, type FakeHostOptions } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { main } from "../main.ts";
import { runRecord } from "../run.fixture.ts";

async function groundplane(argv: readonly string[], options: Partial<FakeHostOptions> = {}) {
  const terminal = new FakeTerminal();
  const host = new FakeHost({ run: runRecord(), ...options });
  const code = await main({ argv, terminal, host, version: "1.2.3" });
  return { code, host, out: terminal.stdoutText, err: terminal.stderrText };
}

describe("drift", () => {
  test("shows before and after, what is ignored and why, and the two steps; exits with 4", async () => {
    const { code, out, host } = await groundplane(["drift", "dev", "network"]);
    expect(code).toBe(4);
    expect(host.calls).toMatchObject([
      { method: "driftEnvironment", request: { environment: "dev", stacks: ["network"] } },
    ]);
    expect(out).toContain("dev/network: 1 drifted, 3 resources read, 1 ignored");
    expect(out).toContain('~ tags.Team: "ada" → "eve');
    expect(out).not.toContain("\u001b[31m");
    expect(out).toContain("(ignored until 2026-12-31 by ada: given back on purpose)");
    expect(out).toContain("groundplane preview dev network --refresh");
    expect(out).toContain("groundplane deploy dev network --refresh");
  });

  test("reads every stack when none is named, and prints one JSON document", async () => {
    const { code, out } = await groundplane(["drift", "dev", "--json"], { stacks: ["network", "data"] });
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({
      environment: "dev",
      reports: [{ stack: "network" }, { stack: "data" }],
      errors: [],
    });
  });

  test("writes SARIF in which what is ignored is suppressed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sarif-"));
    try {
      const file = join(folder, "drift.sarif");
      await groundplane(["drift", "dev", "--sarif", file]);
      const { runs } = JSON.parse(readFileSync(file, "utf8"));
      expect(runs[0].results).toMatchObject([
        { ruleId: "drift-changed", level: "warning" },
        { ruleId: "drift-missing", suppressions: [{ kind: "external" }] },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("fails when a cloud cannot be read, and never says that there is no drift", async () => {
    const fails = new GroundplaneError("ENGINE_FAILED", "the cloud cannot be read");
    const one = await groundplane(["drift", "dev"], { fails });
    expect([one.code, one.err]).toEqual([6, expect.stringContaining("the cloud cannot be read")]);
    const several = await groundplane(["drift", "dev"], { fails, stacks: ["network", "data"] });
    expect(several.code).toBe(6);
    expect(several.out).toContain("dev/data: the cloud cannot be read");
    expect(several.out).not.toContain("no drift");
  });

  test("fails when no stack was ever deployed: nothing was compared", async () => {
    const fails = new GroundplaneError("STACK_NOT_DEPLOYED", "nothing is there");
    expect((await groundplane(["drift", "dev"], { fails, stacks: ["network", "data"] })).code).toBe(64);
  });

  test("lists the kept reports", async () => {
    const { code, out } = await groundplane(["drift", "dev", "--history"]);
    expect(code).toBe(0);
    expect(out).toContain("2026-11-21T09:30:15.000Z  1 drifted, 3 resources read, 1 ignored");
  });
});

describe("--refresh", () => {
  test("is handed to preview and deploy", async () => {
    for (const command of ["preview", "deploy"]) {
      const { host } = await groundplane([command, "dev", "network", "--refresh"]);
      expect(host.calls[0]).toMatchObject({ method: command, request: { refresh: true } });
    }
    const { host } = await groundplane(["deploy", "dev", "network"]);
    expect(host.calls[0]?.request).not.toHaveProperty("refresh");
  });

  test("is handed on for every stack of an environment", async () => {
    for (const [command, method] of [
      ["preview", "previewEnvironment"],
      ["deploy", "deployEnvironment"],
    ] as const) {
      const { host } = await groundplane([command, "dev", "--refresh"], { stacks: ["network", "data"] });
      expect(host.calls[0]).toMatchObject({ request: { environment: "dev", refresh: true } });
      expect(host.calls[0]?.method).toBe(method);
    }
  });
});
