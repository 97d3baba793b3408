import type { WebhookDelivery, WebhookStatus } from "@groundplane/orchestrator";
import { describe, expect, test } from "vitest";
import { FakeHost } from "../fake-host.fixture.ts";
import { FakeTerminal } from "../fake-terminal.fixture.ts";
import { main } from "../main.ts";
import type { WebhooksView } from "../project-host.ts";
import { runRecord } from "../run.fixture.ts";

const status: WebhookStatus = {
  name: "ops",
  host: "ops.example",
  events: ["run.moved"],
  environments: undefined,
  state: "ready",
  waiting: 0,
  cursor: 12,
  failures: 0,
  lastError: undefined,
  nextAttemptAt: undefined,
  deliveredAt: "2026-11-21T05:11:30.000Z",
};

async function webhooks(argv: readonly string[], fake?: Partial<WebhooksView>) {
  const asked: unknown[] = [];
  const view: WebhooksView = {
    list: () => [status],
    test: async (name) => {
      asked.push(name);
      return { how: "delivered" };
    },
    deliver: async (name) => {
      asked.push(name);
      return [{ name: "ops", delivered: 3, how: "done" }];
    },
    skip: (name) => {
      asked.push(name);
      return 1;
    },
    ...fake,
  };
  const terminal = new FakeTerminal();
  const host = new FakeHost({ run: runRecord(), ...(fake === undefined ? {} : { webhooks: view }) });
  const code = await main({ argv: ["webhooks", ...argv], terminal, host, version: "1.2.3" });
  return { code, out: terminal.stdoutText, err: terminal.stderrText, asked, closed: host.closed };
}

describe("groundplane webhooks", () => {
  test("lists endpoints by host, with what waits and what went wrong", async () => {
    const failing: WebhookStatus = {
      ...status,
      name: "chat",
      state: "failing",
      waiting: 4,
      failures: 3,
      lastError: "HTTP 500",
      nextAttemptAt: "2026-11-21T05:12:50.000Z",
      deliveredAt: undefined,
    };
    const off: WebhookStatus = { ...status, name: "old", state: "disabled", lastError: "HTTP 410" };
    const list = () => [status, failing, off];
    const { out, code, closed } = await webhooks(["list"], { list });
    expect(out.split("\n")).toEqual([
      "ops   ops.example  nothing waits  delivered 60 s ago  ✔ ready".replace("60 s", "1 min"),
      "chat  ops.example  4 waiting      never delivered      ! failed 3 times: HTTP 500, again in 20 s",
      "old   ops.example  nothing waits  delivered 1 min ago  ✖ switched off: HTTP 410",
      "",
    ]);
    expect([code, closed]).toEqual([0, 1]);
    expect(JSON.parse((await webhooks(["list", "--json"], { list })).out)).toHaveLength(3);
  });

  test("delivers to all or one, and exits with 1 when something is left", async () => {
    const done = await webhooks(["deliver"], {});
    expect(done).toMatchObject({ code: 0, asked: [undefined], out: "ops  3 delivered  nothing is left\n" });
    expect((await webhooks(["deliver", "ops"], {})).asked).toEqual(["ops"]);
    const failed: WebhookDelivery = { name: "ops", delivered: 0, how: "failed", error: "HTTP 500" };
    const left = await webhooks(["deliver", "--json"], { deliver: async () => [failed] });
    expect(left.code).toBe(1);
    expect(JSON.parse(left.out)).toEqual([failed]);
  });

  test("tests one, and says whether it took the message", async () => {
    expect(await webhooks(["test", "ops"], {})).toMatchObject({
      code: 0,
      asked: ["ops"],
      out: "✔ ops took it\n",
    });
    const refusing = await webhooks(["test", "ops"], {
      test: async () => ({ how: "failed", error: "HTTP 401" }),
    });
    expect(refusing).toMatchObject({ code: 1, out: "✖ ops did not take it: HTTP 401\n" });
  });

  test("gives up what waits", async () => {
    expect(await webhooks(["skip", "ops"], {})).toMatchObject({ code: 0, out: "ops: 1 message given up.\n" });
  });

  test("fails when the project has none", async () => {
    const { code, err } = await webhooks(["list"]);
    expect(code).toBe(64);
    expect(err).toContain("add them to defineProject");
  });
});
