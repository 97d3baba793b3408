import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isGroundplaneError, type JournalFact, type WebhookMessage } from "@groundplane/contracts";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { requestedRun } from "../../../../test/run-record.ts";
import { defineEnvironment } from "../define/environment.ts";
import type { LoadedProject } from "../define/load-project.ts";
import { defineProject } from "../define/project.ts";
import type { Journal } from "../journal/journal.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { backOffMs } from "./back-off.ts";
import type { WebhookOptions } from "./webhook-definition.ts";
import { SECRET, SECRET_VARIABLE, WebhookReceiver } from "./webhook-receiver.fixture.ts";
import { openWebhooks, type Webhooks } from "./webhooks.ts";

const RUN = "run-20261121-050000-a1b2c3";
const secret = { env: SECRET_VARIABLE };

let folder = "";
let journal: Journal;
let receivers: WebhookReceiver[] = [];
let open: Webhooks[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "webhooks-"));
  journal = new MemoryJournal();
  vi.stubEnv(SECRET_VARIABLE, SECRET);
});
afterEach(async () => {
  await Promise.all(open.map((webhooks) => webhooks.close(0)));
  for (const receiver of receivers) receiver.close();
  [open, receivers] = [[], []];
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function receiver(): Promise<WebhookReceiver> {
  const started = await WebhookReceiver.start();
  receivers.push(started);
  return started;
}

const dev = defineEnvironment({
  name: "dev",
  cloud: "real",
  policyPacks: [],
  approval: { type: "automatic" },
  tags: { Environment: "dev", Project: "shop", Owner: "team", ManagedBy: "groundplane" },
});

function projectWith(...webhooks: readonly WebhookOptions[]): LoadedProject {
  const definition = defineProject({
    name: "shop",
    stacks: ["stacks/network"],
    environments: [dev],
    webhooks,
  });
  return {
    root: folder,
    file: join(folder, "groundplane.config.ts"),
    dataFolder: join(folder, ".groundplane"),
    definition,
    stacks: new Map(),
    environments: new Map(),
  };
}

/** What a process opens. */
function opened(webhooks: readonly WebhookOptions[], more: { readonly clock?: () => Date } = {}): Webhooks {
  const made = openWebhooks({
    project: projectWith(...webhooks),
    journal,
    clock: more.clock ?? (() => new Date()),
    attemptMs: 60_000,
  });
  if (made === undefined) throw new TypeError("there are no webhooks");
  open.push(made);
  return made;
}

const requested = requestedRun({ approvalRule: { type: "any-person", expiresAfterMinutes: 60 } });
const STORY: readonly JournalFact[] = [
  requested,
  { type: "run.moved", from: "PENDING", to: "IN_PROGRESS" },
  { type: "run.moved", from: "IN_PROGRESS", to: "VALIDATING" },
  {
    type: "review.recorded",
    counts: { create: 2 },
    findings: [],
    confirmed: [],
  },
  { type: "run.moved", from: "VALIDATING", to: "READY_FOR_APPLY" },
  { type: "run.moved", from: "READY_FOR_APPLY", to: "WAIT_FOR_APPROVE" },
  { type: "review.opened", expiresAt: "2026-11-22T05:00:00.000Z" },
];
const TOLD = ["created", "IN_PROGRESS", "VALIDATING", "READY_FOR_APPLY", "WAIT_FOR_APPROVE"];

function happen(run = RUN): void {
  for (const [index, fact] of STORY.entries()) journal.append(run, fact, index);
}

const wordOf = (message: WebhookMessage): string =>
  message.type === "run.moved" ? message.data.to : message.type.replace("run.", "");

async function codeOf(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return isGroundplaneError(error) ? error.code : String(error);
  }
}

describe("webhooks", () => {
  test("tell what happened after they were made known, in order, signed, with the run as it stood then", async () => {
    happen("run-20261121-040000-before");
    const ops = await receiver();
    const webhooks = opened([{ name: "ops", url: ops.url, secret }]);
    happen();
    expect(await webhooks.deliver()).toEqual([{ name: "ops", delivered: 5, how: "done" }]);
    expect(ops.taken.map(wordOf)).toEqual(TOLD);
    expect(ops.taken.at(-1)).toMatchObject({
      id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
      type: "run.moved",
      data: {
        run: RUN,
        project: "shop",
        stack: "net",
        environment: "dev",
        operation: "deploy",
        requester: "rita",
        state: "WAIT_FOR_APPROVE",
        from: "READY_FOR_APPLY",
        to: "WAIT_FOR_APPROVE",
        counts: { create: 2 },
        approvalsMissing: 1,
      },
    });
    expect(webhooks.list()).toMatchObject([
      { name: "ops", state: "ready", waiting: 0, failures: 0, cursor: 14 },
    ]);
    expect(await webhooks.deliver()).toEqual([{ name: "ops", delivered: 0, how: "done" }]);
  });

  test("send a message again under the same id until it is taken, and nothing before it is", async () => {
    const ops = await receiver();
    const statuses = [500, 204, 503];
    ops.answer = () => statuses.shift() ?? 204;
    const webhooks = opened([{ name: "ops", url: ops.url, secret }]);
    happen();
    expect(await webhooks.deliver()).toEqual([
      { name: "ops", delivered: 0, how: "failed", error: "HTTP 500" },
    ]);
    expect(webhooks.list()).toMatchObject([
      { state: "failing", waiting: 5, failures: 1, lastError: "HTTP 500", nextAttemptAt: expect.any(String) },
    ]);
    expect(await webhooks.deliver()).toMatchObject([{ delivered: 1, how: "failed", error: "HTTP 503" }]);
    expect(await webhooks.deliver()).toMatchObject([{ delivered: 4, how: "done" }]);
    expect(ops.taken.map(wordOf)).toEqual(TOLD);
    expect(ops.came.map(wordOf)).toEqual(["created", ...TOLD.slice(0, 2), ...TOLD.slice(1)]);
    expect(ops.came[0]?.id).toBe(ops.came[1]?.id);
    expect(new Set(ops.came.map(({ id }) => id)).size).toBe(5);
  });

  test("are delivered in the background, after a failure too, and the last ones when it closes", async () => {
    const ops = await receiver();
    const statuses = [500];
    ops.answer = () => statuses.shift() ?? 204;
    const webhooks = opened([{ name: "ops", url: ops.url, secret }]);
    happen();
    webhooks.wake();
    webhooks.wake();
    await vi.waitFor(() => expect(ops.taken.map(wordOf)).toEqual(TOLD), { timeout: 20_000 });
    happen("run-20261121-050001-second");
    await webhooks.close(20_000);
    open = [];
    expect(ops.taken).toHaveLength(10);
  });

  test("one that hangs delays the end no longer than it may, and nobody else", async () => {
    const [hanging, ops] = [await receiver(), await receiver()];
    hanging.answer = () => "hang";
    const options = [
      { name: "hanging", url: hanging.url, secret },
      { name: "ops", url: ops.url, secret },
    ];
    const webhooks = openWebhooks({
      project: projectWith(...options),
      journal,
      clock: () => new Date(),
      attemptMs: 600_000,
    });
    happen();
    webhooks?.wake();
    await vi.waitFor(() => expect([hanging.came.length, ops.taken.length]).toEqual([1, 5]), {
      timeout: 20_000,
    });
    await webhooks?.close(100);
    // The next process does not wait for it again at once.
    const next = opened(options);
    expect(next.list()).toMatchObject([
      { name: "hanging", state: "failing", waiting: 5, lastError: "no answer before the command ended" },
      { name: "ops", state: "ready", waiting: 0 },
    ]);
    next.wake();
    await next.close(600_000);
    open = [];
    expect(hanging.came).toHaveLength(1);
  });

  test("an attempt that is not answered in time has failed", async () => {
    const ops = await receiver();
    ops.answer = () => "hang";
    const project = projectWith({ name: "ops", url: ops.url, secret });
    const webhooks = openWebhooks({ project, journal, clock: () => new Date(), attemptMs: 50 });
    happen();
    expect(await webhooks?.deliver()).toMatchObject([{ how: "failed", error: "no answer within 0.05 s" }]);
    await webhooks?.close(0);
  });

  test("410 switches one off, with a word, until it is asked for by name or has another URL", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const ops = await receiver();
    ops.answer = () => 410;
    const webhooks = opened([{ name: "ops", url: ops.url, secret }]);
    happen();
    webhooks.wake();
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce(), { timeout: 20_000 });
    expect(warn.mock.calls[0]?.[0]).toContain('webhook "ops": its receiver answered 410');
    expect(await webhooks.deliver()).toMatchObject([{ delivered: 0, how: "disabled" }]);
    expect(webhooks.list()).toMatchObject([{ state: "disabled", waiting: 5, lastError: "HTTP 410" }]);
    expect(ops.came).toHaveLength(1);
    ops.answer = () => 204;
    expect(await webhooks.deliver("ops")).toMatchObject([{ delivered: 5, how: "done" }]);

    ops.answer = () => 410;
    happen("run-20261121-050001-second");
    await webhooks.deliver();
    const moved = await receiver();
    const next = opened([{ name: "ops", url: moved.url, secret }]);
    expect(await next.deliver()).toMatchObject([{ delivered: 5, how: "done" }]);
  });

  test("a redirect is not followed", async () => {
    const [ops, elsewhere] = [await receiver(), await receiver()];
    ops.answer = () => ({ redirect: elsewhere.url });
    const webhooks = opened([{ name: "ops", url: ops.url, secret }]);
    happen();
    expect(await webhooks.deliver()).toMatchObject([{ how: "failed", error: "HTTP 307" }]);
    expect(elsewhere.came).toEqual([]);
  });

  test("one that is not there is told by a code, and its URL is in no status", async () => {
    const gone = await receiver();
    gone.close();
    const webhooks = opened([{ name: "ops", url: `${gone.url}/hunter2`, secret }]);
    happen();
    expect(await webhooks.deliver()).toMatchObject([{ how: "failed", error: "ECONNREFUSED" }]);
    expect(JSON.stringify(webhooks.list())).not.toContain("hunter2");
  });

  test("nothing is sent without a secret; what waits is sent once there is one", async () => {
    const ops = await receiver();
    const webhooks = opened([
      { name: "env", url: ops.url, secret: { env: "TEST_WEBHOOK_MISSING" } },
      { name: "file", url: ops.url, secret: { file: "secrets/hook" } },
    ]);
    happen();
    expect(await webhooks.deliver()).toMatchObject([
      { how: "failed", error: expect.stringContaining("variable TEST_WEBHOOK_MISSING does not hold") },
      { how: "failed", error: expect.stringContaining("secrets/hook does not hold") },
    ]);
    expect(ops.came).toEqual([]);
    vi.stubEnv("TEST_WEBHOOK_MISSING", "hunter2");
    const [wrong] = await webhooks.deliver("env");
    expect(wrong).toMatchObject({ how: "failed", error: expect.stringContaining("whsec_") });
    expect(JSON.stringify([wrong, webhooks.list()])).not.toContain("hunter2");
    vi.stubEnv("TEST_WEBHOOK_MISSING", `${SECRET}\n`);
    expect(await webhooks.deliver("env")).toMatchObject([{ delivered: 5, how: "done" }]);
  });

  test("tell only the events and environments that are asked for", async () => {
    const [created, moves] = [await receiver(), await receiver()];
    const webhooks = opened([
      { name: "created", url: created.url, secret, events: ["run.created"], environments: ["dev"] },
      { name: "moves", url: moves.url, secret, events: ["run.moved"] },
    ]);
    happen();
    const other = { ...requested, environment: "prod" };
    journal.append("run-20261121-050001-second", other, 0);
    await webhooks.deliver();
    expect(created.taken.map(wordOf)).toEqual(["created"]);
    expect(moves.taken.map(wordOf)).toEqual(TOLD.slice(1));
    expect(webhooks.list()).toMatchObject([{ waiting: 0 }, { waiting: 0 }]);
  });

  test("a message that is never taken can be given up", async () => {
    const ops = await receiver();
    ops.answer = () => 400;
    const webhooks = opened([{ name: "ops", url: ops.url, secret }]);
    happen();
    await webhooks.deliver();
    expect(webhooks.skip("ops")).toBe(5);
    expect(webhooks.list()).toMatchObject([{ state: "ready", waiting: 0 }]);
    expect(await codeOf(() => webhooks.skip("typo"))).toBe("WEBHOOK_NOT_FOUND");
  });

  test("a test message goes beside what waits", async () => {
    const ops = await receiver();
    const webhooks = opened([{ name: "ops", url: ops.url, secret }]);
    happen();
    expect(await webhooks.test("ops")).toEqual({ how: "delivered" });
    expect(ops.taken).toMatchObject([{ type: "webhook.test", data: { project: "shop" } }]);
    expect(webhooks.list()).toMatchObject([{ waiting: 5 }]);
    ops.answer = () => 401;
    expect(await webhooks.test("ops")).toEqual({ how: "failed", error: "HTTP 401" });
    expect(await codeOf(() => webhooks.test("typo"))).toBe("WEBHOOK_NOT_FOUND");
  });

  test("a file that cannot be used is warned of, and stops nothing", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const project = projectWith({ name: "ops", url: "https://ops.example/hook", secret });
    writeFileSync(project.dataFolder, "a file where a folder should be");
    expect(openWebhooks({ project, journal, clock: () => new Date() })).toBeUndefined();
    expect(warn.mock.calls[0]?.[0]).toContain("no webhook is sent");
  });

  test("each endpoint hears everything in order, whatever fails and however many processes deliver", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.boolean(), { maxLength: 8 }), { minLength: 2, maxLength: 2 }),
        fc.integer({ min: 1, max: 3 }),
        async (failures, processes) => {
          rmSync(join(folder, ".groundplane"), { recursive: true, force: true });
          journal = new MemoryJournal();
          const endpoints = await Promise.all(failures.map(() => receiver()));
          for (const [index, endpoint] of endpoints.entries()) {
            const left = [...(failures[index] ?? [])];
            endpoint.answer = () => (left.shift() === true ? 500 : 204);
          }
          const options = endpoints.map(({ url }, index) => ({ name: `e${index}`, url, secret }));
          const all = Array.from({ length: processes }, () => opened(options));
          happen();
          happen("run-20261121-050001-second");
          for (let round = 0; round < 20; round += 1) {
            await Promise.all(all.map((webhooks) => webhooks.deliver()));
            if (endpoints.every(({ taken }) => taken.length >= 10)) break;
          }
          for (const { taken, came } of endpoints) {
            expect(taken.map(wordOf)).toEqual([...TOLD, ...TOLD]);
            // What is sent again is the message that was sent last, never one from before.
            const ids = came.map(({ id }) => id).filter((id, index, list) => id !== list[index - 1]);
            expect(ids).toEqual(taken.map(({ id }) => id));
          }
          await Promise.all(all.map((webhooks) => webhooks.close(0)));
          open = [];
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);
});

describe("defineProject", () => {
  const define = (webhook: Partial<WebhookOptions>) =>
    projectWith({ name: "ops", url: "https://ops.example/hook", secret, ...webhook });

  test("takes https, and http to this machine", () => {
    for (const url of [
      "https://ops.example/hook?x=1",
      "http://127.0.0.1:80/",
      "http://[::1]:1/",
      "http://localhost",
    ])
      expect(define({ url }).definition.webhooks).toMatchObject([{ url, secrets: [secret] }]);
  });

  test.each([
    "http://ops.example",
    "http://127.0.0.1.ops.example",
    "ftp://ops.example",
    "no url hunter2",
    "https://user:hunter2@ops.example",
  ])("fails when the URL is %s, without repeating it", async (url) => {
    let message = "";
    try {
      define({ url });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('webhook "ops": url: an https URL');
    expect(message).not.toContain("hunter2");
  });

  test("fails when a name is taken, an environment unknown, or a secret stands in the open", async () => {
    const twice = { name: "ops", url: "https://ops.example/hook", secret };
    expect(await codeOf(() => projectWith(twice, twice))).toBe("PROJECT_INVALID");
    expect(await codeOf(() => define({ environments: ["typo"] }))).toBe("PROJECT_INVALID");
    expect(await codeOf(() => define({ name: "Ops!" }))).toBe("PROJECT_INVALID");
    expect(await codeOf(() => define(Object.assign({}, { secret: SECRET }) as never))).toBe(
      "PROJECT_INVALID",
    );
  });
});

describe("backOffMs", () => {
  test("doubles from a second to an hour, and never goes below four fifths of that", () => {
    expect([1, 2, 3, 12, 13, 1000].map((failures) => backOffMs(failures, 0))).toEqual([
      1_000, 2_000, 4_000, 2_048_000, 3_600_000, 3_600_000,
    ]);
    expect(backOffMs(1, 1)).toBe(800);
  });
});
