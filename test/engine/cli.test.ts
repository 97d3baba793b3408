import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  changeSetSchema,
  outputsArtifactSchema,
  type RunRecord,
  runRecordSchema,
} from "@groundplane/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

const BIN = fileURLToPath(new URL("dist/bin.js", import.meta.resolve("@groundplane/cli/package.json")));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Projects lie inside the repository, so that their programs find its packages. */
const workspace = mkdtempSync(join(import.meta.dirname, "../.tmp-cli-"));
const project = join(workspace, "shop");

function groundplane(argv: readonly string[], cwd = project): Promise<Ended> {
  const { NO_COLOR: _noColor, GROUNDPLANE_ACTOR: _actor, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...argv], { cwd, env, maxBuffer: 64 << 20 }, (error, out, err) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
      resolve({ code, out, err });
    });
  });
}

async function runOf(ended: Promise<Ended>): Promise<RunRecord & { readonly exit: number }> {
  const { code, out, err } = await ended;
  const parsed = runRecordSchema.safeParse(parseJson(out));
  if (!parsed.success) throw new TypeError(`no run record, exit ${code}: ${out}\n${err}`);
  return { ...parsed.data, exit: code };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const deploy = (...argv: readonly string[]) => runOf(groundplane(["deploy", ...argv, "--json", "--quiet"]));

function edit(path: string, change: (text: string) => string): void {
  const file = join(project, path);
  const before = readFileSync(file, "utf8");
  const after = change(before);
  if (after === before) throw new TypeError(`the edit of ${path} changes nothing`);
  writeFileSync(file, after);
}

/** Adds prod, where someone other than the requester approves, to the project that `init` wrote. */
function addProd(): void {
  edit("groundplane.config.ts", (text) =>
    text
      .replace(
        "export default",
        `const prod = defineEnvironment({
  name: "prod",
  cloud: awsSandbox(),
  policyPacks: ["@groundplane/policy-baseline"],
  approval: { type: "other-person" },
  protected: true,
  tags: { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
});

export default`,
      )
      .replace("[dev]", "[dev, prod]"),
  );
  const config = readFileSync(join(project, "stacks/network/Pulumi.dev.yaml"), "utf8");
  writeFileSync(join(project, "stacks/network/Pulumi.prod.yaml"), config);
}

beforeAll(async () => {
  mkdirSync(workspace, { recursive: true });
  const made = await groundplane(["init", "shop"], workspace);
  expect(made).toMatchObject({ code: 0, err: "" });
  addProd();
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

describe("the groundplane command on the sandbox", () => {
  test("init refuses to overwrite, and --dry-run writes nothing", async () => {
    const again = await groundplane(["init", "shop"], workspace);
    expect(again.code).toBe(64);
    expect(again.err).toContain("groundplane.config.ts, package.json, tsconfig.json");
    const dry = await groundplane(["init", "other", "--dry-run"], workspace);
    expect(dry.out).toContain("  stacks/network/index.ts");
  });

  test("doctor finds everything in order", async () => {
    const { code, out } = await groundplane(["doctor", "--json"]);
    const report = z
      .object({
        ok: z.boolean(),
        checks: z.array(z.object({ area: z.string(), status: z.string(), message: z.string() })),
      })
      .parse(JSON.parse(out));
    expect(report.checks.filter(({ status }) => status === "fail")).toEqual([]);
    expect(report.ok).toBe(true);
    expect(code).toBe(0);
    expect(report.checks.map(({ area }) => area)).toEqual(
      expect.arrayContaining(["node", "engine", "project", "data", "environment dev", "environment prod"]),
    );
  });

  test("preview shows what would be created and applies nothing", async () => {
    const run = await runOf(groundplane(["preview", "dev", "--json", "--quiet"]));
    expect(run).toMatchObject({ exit: 0, operation: "preview", state: "DONE" });
    expect(run.counts.create).toBeGreaterThan(20);
    expect((await groundplane(["outputs", "dev"])).code).not.toBe(0);
  });

  test("deploy dev applies, in plain lines on standard error and a summary on standard output", async () => {
    const { code, out, err } = await groundplane(["deploy", "dev"]);
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("dev/network  ✔ applied  (sandbox)");
    expect(out).toContain(".groundplane/outputs/dev/network.json");
    expect(err).toMatch(/^\d\d:\d\d:\d\d {2}\+ created aws:ec2:Vpc main-vpc/m);
    expect(err).not.toContain("\u001b");
  });

  test("a second deploy says that nothing changed", async () => {
    expect(await deploy("dev")).toMatchObject({ exit: 0, outcome: "unchanged", state: "DONE" });
    const expecting = await groundplane(["preview", "dev", "--expect-no-changes", "--quiet"]);
    expect(expecting.code).toBe(0);
  });

  test("outputs come as table, JSON, dotenv and types", async () => {
    const artifact = outputsArtifactSchema.parse(
      JSON.parse((await groundplane(["outputs", "dev", "--json"])).out),
    );
    expect(artifact).toMatchObject({ environment: "dev", sandbox: true, version: 1 });
    const vpcId = z.string().parse(artifact.values["vpcId"]);
    expect((await groundplane(["outputs", "dev"])).out).toContain(vpcId);
    expect((await groundplane(["outputs", "dev", "--format", "dotenv"])).out).toContain(vpcId);
    expect((await groundplane(["outputs", "dev", "--format", "types"])).out).toContain("vpcId");
  });

  test("prod waits, refuses its own requester, and is applied when someone else approves", async () => {
    const waiting = await deploy("prod", "--as", "ada");
    expect(waiting).toMatchObject({
      exit: 2,
      state: "WAIT_FOR_APPROVE",
      approvalsMissing: 1,
      requester: "ada",
    });

    const own = await groundplane(["approve", waiting.id, "--as", "ada", "--json"]);
    expect(own.code).toBe(5);
    expect(JSON.parse(own.out)).toMatchObject({ error: { code: "APPROVAL_REFUSED" } });

    const diff = changeSetSchema.parse(JSON.parse((await groundplane(["diff", waiting.id, "--json"])).out));
    expect(diff.changes.length).toBeGreaterThan(20);
    expect((await groundplane(["diff", waiting.id])).out).toMatch(
      /\+ create {3}aws:ec2:Vpc {2}main-vpc\n {6}\+ /,
    );

    const applied = await runOf(
      groundplane(["approve", waiting.id, "--as", "grace", "--comment", "seen", "--json", "--quiet"]),
    );
    expect(applied).toMatchObject({ exit: 0, state: "DONE", outcome: "applied" });
    expect(applied.decisions).toMatchObject([{ by: "grace", verdict: "approve", comment: "seen" }]);

    const story = await groundplane(["status", waiting.id]);
    for (const text of ["WAIT_FOR_APPROVE", 'grace approved: "seen"', "APPLYING", "DONE: applied"]) {
      expect(story.out).toContain(text);
    }
    const twice = await groundplane(["approve", waiting.id, "--as", "linus"]);
    expect(twice.code).toBe(5);
    expect(twice.err).toContain("error RUN_STATE_CONFLICT");
  });

  test("a change after the review voids the approval", async () => {
    edit("stacks/network/Pulumi.prod.yaml", (text) =>
      `${text}  # \n`.replace(
        "[eu-central-1a, eu-central-1b]",
        "[eu-central-1a, eu-central-1b, eu-central-1c]",
      ),
    );
    const waiting = await deploy("prod", "--as", "ada");
    expect(waiting.exit).toBe(2);
    edit("stacks/network/index.ts", (text) => text.replace("tags });", "tags, ipv6: true });"));
    const voided = await runOf(groundplane(["approve", waiting.id, "--as", "grace", "--json", "--quiet"]));
    expect(voided).toMatchObject({ exit: 5, outcome: "expired", reason: { code: "APPROVAL_VOID" } });
    expect(voided.reason?.message).toContain("program");
    edit("stacks/network/index.ts", (text) => text.replace("tags, ipv6: true });", "tags });"));
  });

  test("reject and cancel close a run that waits", async () => {
    const first = await deploy("prod", "--as", "ada");
    const rejected = await runOf(
      groundplane(["reject", first.id, "--as", "grace", "--comment", "no", "--json"]),
    );
    expect(rejected).toMatchObject({ exit: 0, state: "DONE", outcome: "rejected" });
    const second = await deploy("prod", "--as", "ada");
    const cancelled = await runOf(groundplane(["cancel", second.id, "--as", "ada", "--json"]));
    expect(cancelled).toMatchObject({ exit: 0, state: "DONE", outcome: "cancelled" });
  });

  test("a violating change is blocked with findings that say how to mend it", async () => {
    const open = `    new aws.ec2.SecurityGroup("open", {
      vpcId: vpc.vpcId,
      ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
      tags,
    });
    return {`;
    edit(
      "stacks/network/index.ts",
      (text) => `import * as aws from "@pulumi/aws";\n${text.replace("    return {", open)}`,
    );
    const { code, out } = await groundplane(["deploy", "dev", "--quiet"]);
    expect(code).toBe(3);
    expect(out).toContain("dev/network  ✖ blocked");
    expect(out).toMatch(/^ {2}✖ \S+ {2}(critical|high), mandatory$/m);
    expect(out).toMatch(/^ {6}Fix: \S+/m);
    const blocked = await deploy("dev");
    expect(blocked).toMatchObject({ exit: 3, state: "BLOCKED" });
    expect(blocked.findings.every(({ remedy }) => remedy.length > 0)).toBe(true);
    edit("stacks/network/index.ts", (text) =>
      text.replace('import * as aws from "@pulumi/aws";\n', "").replace(open, "    return {"),
    );
  });

  test("status --json lists all runs, newest first", async () => {
    const runs = z.array(runRecordSchema).parse(JSON.parse((await groundplane(["status", "--json"])).out));
    expect(runs[0]).toMatchObject({ environment: "dev", state: "BLOCKED" });
    const prod = z
      .array(runRecordSchema)
      .parse(JSON.parse((await groundplane(["status", "--environment", "prod", "--json"])).out));
    expect(prod.map(({ outcome }) => outcome)).toEqual(["cancelled", "rejected", "expired", "applied"]);
  });

  test("sandbox shows, changes and fails things", async () => {
    const resources = z
      .array(z.object({ type: z.string(), id: z.string(), name: z.string() }))
      .parse(JSON.parse((await groundplane(["sandbox", "list", "dev", "--json"])).out));
    const vpc = resources.find(({ name }) => name === "main-vpc");
    if (vpc === undefined) throw new TypeError("the sandbox has no main-vpc");
    expect((await groundplane(["sandbox", "set", "dev", vpc.id, "tags.Owner", "nobody"])).code).toBe(64);
    expect((await groundplane(["sandbox", "set", "dev", vpc.id, "tags.Owner", '"nobody"'])).code).toBe(0);
    const changed = z
      .object({ outputs: z.object({ tags: z.record(z.string(), z.string()) }) })
      .parse(JSON.parse((await groundplane(["sandbox", "get", "dev", vpc.id])).out));
    expect(changed.outputs.tags["Owner"]).toBe("nobody");
    const fault = [
      "sandbox",
      "faults",
      "dev",
      "--add",
      "aws:ec2/*",
      "--operation",
      "delete",
      "--error",
      "Throttling: slow down",
    ];
    expect((await groundplane([...fault, "--times", "1"])).out).toContain("fails: Throttling: slow down");
    expect((await groundplane(["sandbox", "faults", "dev", "--clear"])).out).toBe("No faults.\n");
  });

  test("env gives plain pulumi the environment's stacks", async () => {
    const { out } = await groundplane(["env", "dev", "--json"]);
    const env = z.record(z.string(), z.string()).parse(JSON.parse(out));
    expect(env).toMatchObject({ PULUMI_BACKEND_URL: expect.stringContaining("/state/dev") });
    expect(env["GROUNDPLANE_SANDBOX_DB"]).toContain("dev.db");
  });

  test("destroy wants what holds data confirmed by name, then leaves nothing", async () => {
    const blocked = await runOf(groundplane(["destroy", "dev", "network", "--json", "--quiet"]));
    expect(blocked).toMatchObject({ exit: 3, state: "BLOCKED", operation: "destroy" });
    const guarded = blocked.findings.flatMap(({ foundBy, urn }) =>
      foundBy === "data-guard" && urn !== undefined ? [urn] : [],
    );
    expect(guarded.length).toBeGreaterThan(0);
    const confirm = guarded.flatMap((urn) => ["--confirm", urn]);
    const done = await runOf(groundplane(["destroy", "dev", "network", ...confirm, "--json", "--quiet"]));
    expect(done).toMatchObject({ exit: 0, outcome: "applied", operation: "destroy" });
    expect((await groundplane(["sandbox", "list", "dev"])).out).not.toContain("main-vpc");
  });
});
