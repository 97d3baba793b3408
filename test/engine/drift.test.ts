import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type DriftIgnore,
  type DriftReport,
  driftReportSchema,
  GroundplaneError,
  openDrift,
} from "@groundplane/contracts";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";

const CANARY = "canary-7c1e0b52f6d94a38";
const ignores: readonly DriftIgnore[] = [
  {
    resource: "*::aws:ec2/vpc:Vpc::main",
    property: "tags.Cost*",
    reason: "the cost tool writes its tags",
    who: "ann",
    until: "2199-12-31",
  },
  { resource: "*LogGroup::logs", reason: "it is moved to another stack", who: "ben", until: "2199-12-31" },
  {
    resource: "*::aws:ec2/vpc:Vpc::main",
    property: "tags.Team",
    reason: "the team is being renamed",
    who: "cem",
    until: "2026-01-31",
  },
];
let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "dev" },
    { name: "rules", more: `driftIgnores: ${JSON.stringify(ignores)},` },
    { name: "secret" },
    { name: "busy" },
    { name: "never" },
  ]);
  await project.configure("dev", { logs: true });
  await project.configure("rules", { logs: true });
  await project.use(async (orchestrator) => {
    for (const environment of ["dev", "rules"]) {
      const { outcome } = await orchestrator.deploy({ stack: "base", environment, requester: "ann" });
      expect(outcome).toBe("applied");
    }
  });
});
afterAll(() => project.remove());

/** Every file of an environment's backend with the hash of its bytes: state, history, backups, locks. */
async function backendOf(environment: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(project.root, ".groundplane/state", environment);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    await Promise.all(
      files.map(async ({ parentPath, name }): Promise<[string, string]> => {
        const file = join(parentPath, name);
        return [
          file,
          createHash("sha256")
            .update(await readFile(file))
            .digest("hex"),
        ];
      }),
    ),
  );
}

function check(environment: string): Promise<DriftReport> {
  return project.use((orchestrator) => orchestrator.drift({ stack: "base", environment }));
}

async function leftOvers(): Promise<readonly string[]> {
  return (await readdir(join(project.root, ".groundplane/work"))).filter((name) => name.startsWith("drift-"));
}

describe("drift", () => {
  test("is none after a deployment, and every resource was read", async () => {
    const report = await check("dev");
    expect(driftReportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({ checked: 3, items: [], expiredIgnores: [], caveats: [], sandbox: true });
  });

  test("tells each property before and after, and what is missing; writes nothing and needs no lock", async () => {
    inCloud(project.root, "dev", (store, idOf) => {
      store.set(idOf(":Vpc"), "tags.Team", "hacker");
      store.set(idOf(":Vpc"), "tags.Backdoor", "yes");
      store.remove(idOf(":LogGroup"));
    });
    // As another process' lock would stand there: who needs the lock fails.
    const locks = join(project.root, ".groundplane/state/dev/.pulumi/locks/organization/base/dev");
    await mkdir(locks, { recursive: true });
    await writeFile(
      join(locks, "11111111-1111-1111-1111-111111111111.json"),
      JSON.stringify({ pid: 1, username: "x", hostname: "x", timestamp: new Date().toISOString() }),
    );
    const before = await backendOf("dev");
    const report = await check("dev");
    expect(await backendOf("dev")).toEqual(before);
    await rm(locks, { recursive: true });

    expect(report.items.map(({ kind, type, name }) => [kind, type, name])).toEqual([
      ["missing", "aws:cloudwatch/logGroup:LogGroup", "logs"],
      ["changed", "aws:ec2/vpc:Vpc", "main"],
    ]);
    expect(report.items[1]?.properties).toEqual([
      { path: "tags.Backdoor", kind: "add", after: "yes" },
      { path: "tags.Team", kind: "update", before: "team", after: "hacker" },
    ]);
    expect(report.checked).toBe(3);
    expect(await leftOvers()).toEqual([]);
  });

  test("is kept, newest first", async () => {
    await project.use(async (orchestrator) => {
      const stack = { stack: "base", environment: "dev" };
      const reports = orchestrator.driftHistory(stack);
      expect(reports.map(({ items }) => items.length)).toEqual([2, 0]);
      expect(orchestrator.driftHistory(stack, 1)).toHaveLength(1);
      expect(orchestrator.driftHistory({ ...stack, environment: "never" })).toEqual([]);
    });
  });

  test("does not count what a rule in force covers; an expired rule hides nothing and is told", async () => {
    inCloud(project.root, "rules", (store, idOf) => {
      store.set(idOf(":Vpc"), "tags.CostCenter", "1234");
      store.remove(idOf(":LogGroup"));
    });
    const covered = await check("rules");
    expect(covered.items.map(({ name }) => name)).toEqual(["logs", "main"]);
    expect(openDrift(covered)).toEqual([]);
    expect(covered.items[0]?.ignoredBy).toMatchObject({ who: "ben" });
    expect(covered.items[1]?.properties[0]?.ignoredBy).toMatchObject({ who: "ann" });
    expect(covered.expiredIgnores).toEqual([]);

    inCloud(project.root, "rules", (store, idOf) => store.set(idOf(":Vpc"), "tags.Team", "others"));
    const report = await check("rules");
    expect(openDrift(report).map(({ name }) => name)).toEqual(["main"]);
    expect(report.items[1]?.properties.map(({ path, ignoredBy }) => [path, ignoredBy?.who])).toEqual([
      ["tags.CostCenter", "ann"],
      ["tags.Team", undefined],
    ]);
    expect(report.expiredIgnores).toMatchObject([{ who: "cem" }]);
  });

  test("fails when the stack was never deployed", async () => {
    await expect(check("never")).rejects.toThrow(
      expect.objectContaining({ code: "STACK_NOT_DEPLOYED" }) as unknown as Error,
    );
    expect(await leftOvers()).toEqual([]);
  });

  test("says that a run is under way, which it does not disturb", async () => {
    await project.use(async (orchestrator) => {
      const request = { stack: "base", environment: "busy", requester: "ann" };
      expect((await orchestrator.deploy(request)).outcome).toBe("applied");
      await project.configure("busy", { owner: "others" });
      inCloud(project.root, "busy", (store) =>
        store.addFault({ type: "aws:ec2/vpc:Vpc", operation: "update", delayMs: 8000 }),
      );
      const deployment = orchestrator.deploy(request);
      const report = await new Promise<DriftReport>((resolve, reject) => {
        const timer = setInterval(() => {
          if (orchestrator.runs({ environment: "busy" })[0]?.state !== "APPLYING") return;
          clearInterval(timer);
          orchestrator.drift(request).then(resolve, reject);
        }, 100);
      });
      expect(report.caveats).toContain("run-under-way");
      expect((await deployment).outcome).toBe("applied");
      expect((await orchestrator.drift(request)).caveats).toEqual([]);
    });
  });
});

describe("a cloud that cannot be read", () => {
  test("is an error and no report, and the error tells no secret", async () => {
    expect(await encryptToken("secret", CANARY)).not.toContain(CANARY);
    await project.use(async (orchestrator) => {
      const request = { stack: "base", environment: "secret", requester: "ann" };
      const { outcome, reason } = await orchestrator.deploy(request);
      expect([outcome, reason]).toEqual(["applied", undefined]);
      inCloud(project.root, "secret", (store) =>
        store.addFault({
          type: "aws:ec2/vpc:Vpc",
          operation: "read",
          error: `AccessDenied: ${CANARY} may not`,
          times: 1,
        }),
      );
      const error = await orchestrator.drift(request).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GroundplaneError);
      expect(error).toMatchObject({ code: "ENGINE_FAILED" });
      expect(String(error)).toContain("AccessDenied: [secret] may not");
      expect(orchestrator.driftHistory(request)).toEqual([]);
    });
  });

  test("a secret that drifted is told as one, and its value by nobody", async () => {
    inCloud(project.root, "secret", (store, idOf) =>
      store.set(idOf(":Parameter"), "value", `other-${CANARY}`),
    );
    const report = await check("secret");
    expect(report.items).toMatchObject([
      {
        name: "token",
        properties: [
          { path: "value", before: { $groundplane: "secret" }, after: { $groundplane: "secret" } },
        ],
      },
    ]);
    expect(JSON.stringify(report)).not.toContain(CANARY);
  });
});

/** Puts a secret into the base stack's config, encrypted by the engine. Returns the file. */
async function encryptToken(environment: string, value: string): Promise<string> {
  const env = await plainPulumiEnvironment(await loadProject(project.root), environment);
  const options = { cwd: join(project.root, "stacks/base"), env: { ...process.env, ...env } };
  await project.use((orchestrator) => orchestrator.preview({ stack: "base", environment, requester: "ann" }));
  await promisify(execFile)(
    "pulumi",
    ["config", "set", "--secret", "token", value, "--stack", environment],
    options,
  );
  return project.read(`stacks/base/Pulumi.${environment}.yaml`);
}
