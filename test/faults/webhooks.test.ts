import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { verifyWebhook, type WebhookMessage } from "@groundplane/contracts";
import { SqliteJournal } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { TestProject } from "../project.ts";
import { requestedRun } from "../run-record.ts";

const BIN = fileURLToPath(new URL("dist/bin.js", import.meta.resolve("@groundplane/cli/package.json")));
const SECRET = `whsec_${btoa("s".repeat(32))}`;
const RUN = "run-20261121-050000-a1b2c3";

let project: TestProject;
let server: Server;
const came: WebhookMessage[] = [];
let answers = true;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    came.push(await verifyWebhook(request.headers, Buffer.concat(chunks), SECRET));
    if (answers) response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = z.object({ port: z.number() }).parse(server.address());
  project = await TestProject.create([{ name: "dev" }]);
  const config = await project.read("groundplane.config.ts");
  const url = `http://127.0.0.1:${address.port}/hook`;
  await project.write(
    "groundplane.config.ts",
    config.replace(
      'name: "test",\n',
      `name: "test",\n  webhooks: [{ name: "ops", url: "${url}", secret: { env: "HOOK_SECRET" } }],\n`,
    ),
  );
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await project.remove();
});

/** A process that opens the project, journals these facts of a run, and then runs this code. */
function journaling(facts: readonly object[], first: number, then: string): ChildProcess {
  const program = `
    import { loadProject, Orchestrator, SqliteJournal } from "@groundplane/orchestrator";
    const project = await loadProject(${JSON.stringify(project.root)});
    const orchestrator = await Orchestrator.open({ project });
    const journal = new SqliteJournal(project.dataFolder + "/journal.db");
    for (const [index, fact] of ${JSON.stringify(facts)}.entries())
      journal.append("${RUN}", fact, ${first} + index);
    ${then}
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: import.meta.dirname,
    env: { ...process.env, HOOK_SECRET: SECRET },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function deliver(): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, "webhooks", "deliver", "--json"], {
    cwd: project.root,
    env: { ...process.env, HOOK_SECRET: SECRET },
  });
  return JSON.parse(stdout);
}

const requested = requestedRun({ project: "test", stack: "base" });
const moved = (from: string, to: string) => ({ type: "run.moved", from, to });
const wordOf = (message: WebhookMessage): string =>
  message.type === "run.moved" ? message.data.to : message.type;

test("what a killed process had journaled is delivered by the next one, in order, under the same ids", async () => {
  // Between the journal and the delivery.
  const first = journaling(
    [requested, moved("PENDING", "IN_PROGRESS")],
    0,
    'process.kill(process.pid, "SIGKILL");',
  );
  expect((await once(first, "exit"))[1]).toBe("SIGKILL");
  expect(came).toEqual([]);

  // During a delivery: it was sent, and nobody knows whether it was taken.
  answers = false;
  const arrived = once(server, "request");
  const second = journaling([moved("IN_PROGRESS", "VALIDATING")], 2, "orchestrator.webhooks.wake();");
  await arrived;
  await expect.poll(() => came.length, { timeout: 60_000 }).toBe(1);
  second.kill("SIGKILL");
  expect((await once(second, "exit"))[1]).toBe("SIGKILL");

  answers = true;
  // Its command waits until what the killed process held is free.
  expect(await deliver()).toEqual([{ name: "ops", delivered: 3, how: "done" }]);
  expect(came.filter(({ id }) => id === came[0]?.id).length).toBeGreaterThanOrEqual(2);
  // The second process may have tried more than once before it was killed.
  const distinct = came.filter(({ id }, index) => id !== came[index - 1]?.id);
  expect(distinct.map(wordOf)).toEqual(["run.created", "IN_PROGRESS", "VALIDATING"]);
  expect(await deliver()).toEqual([{ name: "ops", delivered: 0, how: "done" }]);

  const journal = new SqliteJournal(join(project.root, ".groundplane/journal.db"));
  const hashes = journal.entriesAfter(0, 10).map(({ hash }) => `msg_${hash.slice(7, 39)}`);
  journal.close();
  expect(distinct.map(({ id }) => id)).toEqual(hashes);
});
