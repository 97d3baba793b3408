import { execFile, spawn } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { eventEnvelopeSchema, type RunRecord, runRecordSchema, signWebhook } from "@groundplane/contracts";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { copyReferenceProject, REPOSITORY, withoutPackages } from "../reference-project.ts";

let root = "";

beforeAll(async () => {
  root = await copyReferenceProject("examples", "network");
  await cp(join(REPOSITORY, "examples", "vpc-in-your-program"), join(root, "vpc"), withoutPackages);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe("vpc-in-your-program", () => {
  test("plans its network under plain pulumi, with nothing else of ours", async () => {
    const env = { ...process.env, ...(await plainPulumiEnvironment(await loadProject(root), "dev")) };
    const cwd = join(root, "vpc");
    const pulumi = (...args: string[]) =>
      promisify(execFile)("pulumi", args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    await pulumi("stack", "init", "dev");
    const { stdout } = await pulumi("preview", "--json");
    const { steps } = z
      .object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })) })
      .parse(JSON.parse(stdout));
    expect(new Set(steps.map(({ op }) => op))).toEqual(new Set(["create"]));
    const names = steps.map(({ urn }) => urn.split("::").slice(-2).join(" "));
    expect(names).toContain("groundplane:aws:Vpc main");
    expect(names.filter((name) => name.includes("ec2/subnet:Subnet"))).toHaveLength(4);
    expect(names).toContain("aws:ec2/securityGroup:SecurityGroup database");
  });
});

describe("orchestrator-in-a-server", () => {
  const ada = "token-of-ada-0123456789";
  const grace = "token-of-grace-0123456789";
  let url = "";
  let stop: () => Promise<number | null>;

  beforeAll(async () => {
    const main = join(REPOSITORY, "examples", "orchestrator-in-a-server", "src", "main.ts");
    const server = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
      cwd: root,
      env: { ...process.env, PORT: "0", DEPLOY_TOKENS: JSON.stringify({ [ada]: "ada", [grace]: "grace" }) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => server.once("exit", resolve));
    stop = () => {
      server.kill("SIGTERM");
      return ended;
    };
    for await (const line of createInterface({ input: server.stdout })) {
      url = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1] ?? "";
      break;
    }
  });

  function call(token: string, method: string, path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${token}` };
    return fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  }
  async function record(response: Response): Promise<RunRecord> {
    const body: unknown = await response.json();
    return runRecordSchema.parse(body, { reportInput: true });
  }
  const refusal = async (response: Response) => ({
    status: response.status,
    code: z.object({ error: z.object({ code: z.string() }) }).parse(await response.json()).error.code,
  });
  /** Names of the events until this one, which must come. */
  async function eventsUntil(id: string, last: (event: z.infer<typeof eventEnvelopeSchema>) => boolean) {
    const stream = await call(ada, "GET", `/runs/${id}/events`);
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    const names: string[] = [];
    let text = "";
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString("utf8");
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const [, name = "", data = "{}"] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        names.push(name);
        if (name !== "run" && name !== "" && last(eventEnvelopeSchema.parse(JSON.parse(data)))) return names;
      }
    }
    throw new TypeError(`the stream ended after ${names.join(", ")}`);
  }

  test("lets nobody in without a token, and says what is wrong with a request", async () => {
    expect(await refusal(await fetch(`${url}/runs`))).toEqual({ status: 401, code: "UNAUTHENTICATED" });
    expect(await refusal(await call("token-of-nobody-0123456789", "GET", "/runs"))).toMatchObject({
      status: 401,
    });
    expect(
      await refusal(await call(ada, "POST", "/deployments", { stack: "nettwork", environment: "prod" })),
    ).toEqual({
      status: 404,
      code: "STACK_NOT_FOUND",
    });
    expect(await refusal(await call(ada, "POST", "/deployments", { stack: "network" }))).toEqual({
      status: 400,
      code: "INVALID_ARGUMENT",
    });
    expect(await refusal(await call(ada, "GET", "/elsewhere"))).toMatchObject({ status: 404 });
  });

  test("deploys prod once a second person has approved", async () => {
    const asked = await call(ada, "POST", "/deployments", { stack: "network", environment: "prod" });
    expect(asked.status).toBe(202);
    const { id, requester } = await record(asked);
    expect(requester).toBe("ada");
    const reviewed = await eventsUntil(
      id,
      ({ name, data }) =>
        name === "run.moved" && (data["to"] === "WAIT_FOR_APPROVE" || data["to"] === "DONE"),
    );
    expect(reviewed[0]).toBe("run");

    expect(await refusal(await call(ada, "POST", `/runs/${id}/approve`))).toEqual({
      status: 403,
      code: "APPROVAL_REFUSED",
    });
    const approval = await call(grace, "POST", `/runs/${id}/approve`, { comment: "looks right" });
    expect(approval.status).toBe(202);
    const events = await eventsUntil(id, ({ name, data }) => name === "run.moved" && data["to"] === "DONE");
    expect(events).toContain("stack.up.finished");
    const done = await record(await call(ada, "GET", `/runs/${id}`));
    expect({ ...done.reason, outcome: done.outcome }).toEqual({ outcome: "applied" });
    expect(done.decisions).toMatchObject([{ by: "grace", verdict: "approve", comment: "looks right" }]);
    expect(await refusal(await call(grace, "POST", `/runs/${id}/reject`))).toMatchObject({ status: 409 });
  });

  test("ends cleanly on SIGTERM", async () => {
    expect(await stop()).toBe(0);
  });
});

describe("webhook-receiver", () => {
  test("takes what is signed, prints it once, and refuses the rest", async () => {
    const secret = `whsec_${btoa("s".repeat(32))}`;
    const main = join(REPOSITORY, "examples", "webhook-receiver", "src", "main.ts");
    const receiver = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
      env: { ...process.env, PORT: "0", WEBHOOK_SECRET: secret },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines: string[] = [];
    const reader = createInterface(receiver.stdout);
    reader.on("line", (line) => lines.push(line));
    try {
      await expect.poll(() => lines.length, { timeout: 60_000 }).toBe(1);
      const url = `http://127.0.0.1:${lines[0]?.split(" ").at(-1)}/`;
      const id = `msg_${"0".repeat(32)}`;
      const timestamp = new Date().toISOString();
      const body = JSON.stringify({ id, type: "webhook.test", timestamp, data: { project: "shop" } });
      const headers = { ...(await signWebhook(id, body, [secret], new Date())) };
      const post = async (text: string) => (await fetch(url, { method: "POST", headers, body: text })).status;
      expect([await post(body), await post(body), await post(`${body} `)]).toEqual([204, 204, 401]);
      expect((await fetch(url)).status).toBe(405);
      expect(await post("x".repeat(100_000))).toBe(413);
      await expect.poll(() => lines.slice(1), { timeout: 60_000 }).toEqual(["a test from shop"]);
    } finally {
      receiver.kill();
    }
  });
});
