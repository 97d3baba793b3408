import { GroundplaneError } from "@groundplane/contracts";
import { expect, test } from "vitest";
import { FakeHost, type FakeHostOptions } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { main } from "../main.ts";
import { RUN_ID, runRecord } from "../run.fixture.ts";

async function groundplane(argv: readonly string[], options: Partial<FakeHostOptions> = {}) {
  const terminal = new FakeTerminal();
  const host = new FakeHost({ run: runRecord(), ...options });
  const code = await main({ argv, terminal, host, version: "1.2.3" });
  return { code, host, out: terminal.stdoutText, err: terminal.stderrText };
}

test("lifts the brake as who is named, with the reason, and shows what came of it", async () => {
  const { code, host, out } = await groundplane([
    ...["lift-budget", RUN_ID, "--as", "grace", "--reason", "load test until Friday", "--wait", "30s"],
  ]);
  expect(host.calls).toMatchObject([
    {
      method: "liftBudget",
      request: { run: RUN_ID, by: "grace", reason: "load test until Friday", apply: true, waitMs: 30_000 },
    },
  ]);
  expect(out).toContain("✔ applied");
  expect(code).toBe(0);
});

test("only records it with --no-apply", async () => {
  const { host } = await groundplane(["lift-budget", RUN_ID, "--reason", "load test", "--no-apply"]);
  expect(host.calls[0]?.request).toMatchObject({ apply: false });
});

test("prints the run as JSON", async () => {
  const { out } = await groundplane(["lift-budget", RUN_ID, "--reason", "load test", "--json", "--quiet"]);
  expect(JSON.parse(out)).toMatchObject({ id: RUN_ID, outcome: "applied" });
});

test("fails without a reason, and for what is no run, before anything is asked", async () => {
  const unreasoned = await groundplane(["lift-budget", RUN_ID]);
  expect(unreasoned).toMatchObject({ code: 64, host: { calls: [] } });
  expect(unreasoned.err).toContain("--reason");
  expect(await groundplane(["lift-budget", "latest", "--reason", "load test"])).toMatchObject({
    code: 64,
    host: { calls: [] },
  });
});

test("fails with the code of what speaks against it", async () => {
  const fails = new GroundplaneError("APPROVAL_REFUSED", "eve cannot lift the brake.");
  const { code, err } = await groundplane(["lift-budget", RUN_ID, "--as", "eve", "--reason", "load test"], {
    fails,
  });
  expect(code).toBe(5);
  expect(err).toContain("eve cannot lift the brake.");
});
