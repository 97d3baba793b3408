import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type LogRecord, runRecordSchema, verifyWebhook, type WebhookMessage } from "@groundplane/contracts";
import { loadProject, plainPulumiEnvironment, runSpanContext } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { attributeOf, OtlpReceiver } from "../otlp-receiver.ts";
import { TestProject } from "../project.ts";

const run = promisify(execFile);
const BIN = fileURLToPath(new URL("dist/bin.js", import.meta.resolve("@groundplane/cli/package.json")));
const SECRET = `whsec_${btoa("s".repeat(32))}`;
const CANARY = "canary-5up3r-53cret";

let project: TestProject;
let otlp: OtlpReceiver;
let receiver: Server;
const told: { readonly message: WebhookMessage; readonly body: string }[] = [];

beforeAll(async () => {
  project = await TestProject.create([{ name: "dev", more: 'approval: { type: "any-person" },' }]);
  otlp = await OtlpReceiver.start();
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString("utf8");
    told.push({ message: await verifyWebhook(request.headers, body, SECRET), body });
    response.end();
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const { port } = z.object({ port: z.number() }).parse(receiver.address());
  await project.write("hook-secret", `${SECRET}\n`);
  const config = await project.read("groundplane.config.ts");
  const webhook = `{ name: "ops", url: "http://127.0.0.1:${port}/hook", secret: { file: "hook-secret" } }`;
  await project.write(
    "groundplane.config.ts",
    config.replace('name: "test",\n', `name: "test",\n  webhooks: [${webhook}],\n`),
  );
  const env = { ...process.env, ...(await plainPulumiEnvironment(await loadProject(project.root), "dev")) };
  const cwd = `${project.root}/stacks/base`;
  await run("pulumi", ["stack", "init", "dev"], { cwd, env });
  await run("pulumi", ["config", "set", "--secret", "base:token", CANARY, "--stack=dev"], { cwd, env });
});
afterAll(async () => {
  otlp.close();
  receiver.closeAllConnections();
  receiver.close();
  await project.remove();
});

async function groundplane(...argv: readonly string[]) {
  const { stdout, stderr } = await run(process.execPath, [BIN, ...argv], {
    cwd: project.root,
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      TRACEPARENT: "",
    },
    maxBuffer: 64 << 20,
  });
  const records = stderr.trimEnd().split("\n");
  return {
    run: runRecordSchema.parse(JSON.parse(stdout)),
    log: records.map((line): LogRecord => JSON.parse(line)),
    text: stdout + stderr,
  };
}

test("a deployment that two commands share is one trace, with metrics, a log by stage and webhooks in order, and no secret in any", async () => {
  const waiting = await groundplane("deploy", "dev", "base", "--json", "--log-format", "json").catch(
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => {
      // Exit code 2: it waits for approval.
      expect(error.code).toBe(2);
      const log = error.stderr
        .trimEnd()
        .split("\n")
        .map((line): LogRecord => JSON.parse(line));
      return { run: runRecordSchema.parse(JSON.parse(error.stdout)), log, text: error.stdout + error.stderr };
    },
  );
  const approved = await groundplane(
    ...["approve", waiting.run.id, "--as", "grace", "--yes", "--json", "--log-format", "json"],
  );
  expect(approved.run).toMatchObject({ state: "DONE", outcome: "applied" });

  const { traceId, spanId } = runSpanContext(waiting.run.id);
  expect(new Set(otlp.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const names = new Map(otlp.spans.map((span) => [span.spanId, span.name]));
  const edges = otlp.spans.map(
    ({ name, parentSpanId }) => `${names.get(parentSpanId ?? "") ?? "-"} > ${name}`,
  );
  expect(new Set(edges)).toEqual(
    new Set([
      "- > deploy base",
      "deploy base > preview",
      "deploy base > policy",
      "deploy base > approve",
      "deploy base > deploy base",
      "deploy base > up",
      "up > create pulumi:pulumi:Stack",
      "up > create pulumi:providers:aws",
      "up > create aws:ec2/vpc:Vpc",
      "up > create aws:ssm/parameter:Parameter",
      "deploy base > verify",
      "deploy base > export",
    ]),
  );
  const roots = otlp.spans.filter((span) => span.spanId === spanId);
  expect(roots.map(({ name, parentSpanId }) => [name, parentSpanId ?? ""])).toEqual([["deploy base", ""]]);
  for (const step of ["preview", "policy", "approve", "up", "verify"]) {
    const span = otlp.spans.find(({ name }) => name === step);
    expect(Number((span?.endTimeUnixNano ?? 0n) - (span?.startTimeUnixNano ?? 0n))).toBeGreaterThan(0);
    expect(attributeOf(span, "cicd.pipeline.run.id")).toBe(waiting.run.id);
  }
  const applied = otlp.spans.find((span) => attributeOf(span, "groundplane.outcome") === "applied");
  expect(attributeOf(applied, "cicd.pipeline.result")).toBe("success");
  expect([...otlp.metrics]).toEqual(
    expect.arrayContaining([
      "cicd.pipeline.run.duration",
      "groundplane.step.duration",
      "groundplane.approval.wait.duration",
      "groundplane.resource.changes",
    ]),
  );

  const log = [...waiting.log, ...approved.log];
  expect(new Set(log.map(({ run, stack, environment }) => `${run} ${stack} ${environment}`))).toEqual(
    new Set([`${waiting.run.id} base dev`]),
  );
  expect([...new Set(log.map(({ stage }) => stage))]).toEqual([
    ...["request", "preview", "policy", "approve", "up", "verify", "export"],
  ]);
  expect(told.map(({ message }) => (message.type === "run.moved" ? message.data.to : message.type))).toEqual([
    ...["run.created", "IN_PROGRESS", "VALIDATING", "READY_FOR_APPLY", "WAIT_FOR_APPROVE"],
    ...["stack.approval.decided", "APPLYING", "DONE"],
  ]);
  expect(told.at(-1)?.message).toMatchObject({
    type: "run.moved",
    data: { run: waiting.run.id, outcome: "applied", counts: waiting.run.counts, stack: "base" },
  });
  const webhooks = told.map(({ body }) => body).join("");
  expect(webhooks + otlp.bodies.join("") + waiting.text + approved.text).not.toContain(CANARY);
});
