import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { GroundplaneEvent } from "@groundplane/contracts";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { story } from "../story.ts";

const run = promisify(execFile);
const person = 'approval: { type: "any-person" },';
let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "dev" },
    { name: "plain" },
    { name: "gate", more: 'approval: { type: "other-person" },' },
    { name: "group", more: 'approval: { type: "group", members: ["ann", "ben", "cem"], count: 2 },' },
    { name: "wait", more: person },
    { name: "policy" },
    {
      name: "exempt",
      more: `policyPacks: ["@groundplane/policy-baseline", "../../../examples/custom-pack"],
      exemptions: [{
        rule: "no-open-ingress", resource: "urn:pulumi:exempt::base::*::open",
        reason: "the jump host of the move", who: "anna", until: "2999-12-31",
      }],`,
    },
    { name: "data" },
    { name: "check" },
    { name: "chain" },
    { name: "drift" },
    { name: "secret" },
  ]);
});
afterAll(() => project.remove());

const base = (environment: string, requester = "ann") => ({ stack: "base", environment, requester });

function names(events: readonly GroundplaneEvent[]): readonly string[] {
  return events
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("resource.") && name !== "engine.message");
}

describe("a deployment", () => {
  test("goes through every step and hands on its outputs; a second one changes nothing", async () => {
    await project.use(async (orchestrator, events) => {
      const first = await orchestrator.deploy(base("dev"));
      expect(story(first)).toBe("DONE | applied");
      expect(first.timeline.map(({ state }) => state)).toEqual([
        "PENDING",
        "IN_PROGRESS",
        "VALIDATING",
        "READY_FOR_APPLY",
        "WAIT_FOR_APPROVE",
        "APPLYING",
        "DONE",
      ]);
      expect(first.counts).toEqual({ create: 3 });
      expect(names(events)).toEqual([
        "run.created",
        "engine.resolved",
        "run.moved",
        "stack.preview.started",
        "stack.preview.finished",
        "run.moved",
        "stack.policy.started",
        "stack.policy.finished",
        "stack.cost.estimated",
        "run.moved",
        "run.moved",
        "stack.review.ready",
        "run.moved",
        "stack.up.started",
        "stack.up.finished",
        "stack.verify.started",
        "stack.verify.check",
        "stack.verify.finished",
        "stack.outputs.exported",
        "run.moved",
      ]);
      const outputs = orchestrator.outputs({ stack: "base", environment: "dev" });
      expect(outputs?.version).toBe(1);
      expect(outputs?.sandbox).toBe(true);
      expect(outputs?.values["vpcId"]).toMatch(/^vpc-/);
      expect(outputs?.secrets).toEqual({ token: { reference: "pulumi://base/dev/token" } });
      const files = orchestrator.outputFiles({ stack: "base", environment: "dev" });
      expect(await readFile(files.dotenv, "utf8")).toContain(`BASE_VPC_ID=${outputs?.values["vpcId"]}`);
      expect(await readFile(files.types, "utf8")).toContain('readonly "vpcId": string;');

      const second = await orchestrator.deploy(base("dev"));
      expect(story(second)).toBe("DONE | unchanged");
      expect(orchestrator.outputs({ stack: "base", environment: "dev" })?.version).toBe(1);
      expect(orchestrator.verifyJournal().entries).toBeGreaterThan(20);
      expect(orchestrator.runs({ environment: "dev" }).map(({ id }) => id)).toEqual([second.id, first.id]);
    });
  });

  test("shows property by property what an update changes", async () => {
    await project.configure("dev", { owner: "others" });
    await project.use(async (orchestrator) => {
      const record = await orchestrator.deploy(base("dev"));
      expect(story(record)).toBe("DONE | applied");
      const [change] = orchestrator.changeSet(record.id).changes;
      expect(change).toMatchObject({ operation: "update", name: "main", type: "aws:ec2/vpc:Vpc" });
      expect(change?.properties).toContainEqual({
        path: "tags.Team",
        kind: "update",
        before: "team",
        after: "others",
        replaces: false,
      });
    });
  });

  test("a preview applies nothing", async () => {
    await project.configure("dev", { owner: "third" });
    await project.use(async (orchestrator) => {
      const record = await orchestrator.preview(base("dev"));
      expect(story(record)).toContain("DONE | cancelled | PREVIEW_ONLY");
      expect(record.counts).toMatchObject({ update: 1 });
      expect(story(await orchestrator.preview(base("dev")))).toContain("PREVIEW_ONLY");
    });
  });

  test("fails before anything is asked of the engine when the config does not fit", async () => {
    await project.configure("dev", { owne: "typo", open: "maybe" });
    await project.use(async (orchestrator, events) => {
      const record = await orchestrator.deploy(base("dev"));
      expect(story(record)).toContain("DONE | failed | CONFIG_INVALID");
      expect(record.reason?.message).toContain("base:owne is no key of this stack");
      expect(record.reason?.message).toContain("base:open");
      expect(names(events)).not.toContain("stack.preview.started");
    });
    await project.configure("dev", {});
  });
});

test("a change of nothing but a secret output is applied", async () => {
  const env = {
    ...process.env,
    ...(await plainPulumiEnvironment(await loadProject(project.root), "secret")),
  };
  const folder = join(project.root, "stacks/base");
  const program = await project.read("stacks/base/index.ts");
  await project.use((orchestrator) => orchestrator.deploy(base("secret")));
  await run("pulumi", ["config", "set", "--secret", "base:token", "s3cret-value", "--stack=secret"], {
    cwd: folder,
    env,
  });
  await project.use((orchestrator) => orchestrator.deploy(base("secret")));
  await project.write(
    "stacks/base/index.ts",
    program.replace("token: config.token }", "token: config.token.apply((token) => token + '-next') }"),
  );
  try {
    await project.use(async (orchestrator) => {
      const record = await orchestrator.deploy(base("secret"));
      expect([story(record), record.counts]).toEqual(["DONE | applied", { same: 3 }]);
      expect(story(await orchestrator.deploy(base("secret")))).toBe("DONE | unchanged");
    });
    const shown = await run("pulumi", ["stack", "output", "token", "--show-secrets", "--stack=secret"], {
      cwd: folder,
      env,
    });
    expect(shown.stdout.trim()).toBe("s3cret-value-next");
  } finally {
    await project.write("stacks/base/index.ts", program);
  }
});

describe("plain pulumi", () => {
  test("works on what the pipeline deployed, with the same URNs", async () => {
    await project.use((orchestrator) => orchestrator.deploy(base("plain")));
    const folder = join(project.root, "stacks/base");
    const env = {
      ...process.env,
      ...(await plainPulumiEnvironment(await loadProject(project.root), "plain")),
    };
    const preview = await run(
      "pulumi",
      ["preview", "--stack=plain", "--expect-no-changes", "--non-interactive"],
      { cwd: folder, env },
    );
    expect(preview.stdout).toContain("3 unchanged");
    const pack = join(import.meta.dirname, "../node_modules/@groundplane/policy-baseline");
    const up = await run(
      "pulumi",
      ["up", "--stack=plain", "--yes", "--non-interactive", `--policy-pack=${pack}`],
      { cwd: folder, env },
    );
    expect(up.stdout).toContain("policy-baseline");
    await project.use(async (orchestrator) => {
      expect(story(await orchestrator.deploy(base("plain")))).toBe("DONE | unchanged");
    });
  });

  test("refuses a sandbox environment that it is not pointed at", async () => {
    const folder = join(project.root, "stacks/base");
    const env: Record<string, string | undefined> = {
      ...process.env,
      ...(await plainPulumiEnvironment(await loadProject(project.root), "plain")),
    };
    delete env["GROUNDPLANE_SANDBOX_DB"];
    const preview = run("pulumi", ["preview", "--stack=plain", "--non-interactive"], { cwd: folder, env });
    await expect(preview).rejects.toMatchObject({
      stdout: expect.stringContaining('environment "plain" is a sandbox'),
    });
  });
});

describe("approval", () => {
  test("by someone else than the requester, once", async () => {
    await project.use(async (orchestrator) => {
      const waiting = await orchestrator.deploy(base("gate"));
      expect(story(waiting)).toBe("WAIT_FOR_APPROVE");
      expect(waiting.approvalsMissing).toBe(1);
      await expect(orchestrator.approve({ run: waiting.id, by: "ann" })).rejects.toMatchObject({
        code: "APPROVAL_REFUSED",
      });
      expect(orchestrator.run(waiting.id).state).toBe("WAIT_FOR_APPROVE");
      expect(story(await orchestrator.approve({ run: waiting.id, by: "ben" }))).toBe("DONE | applied");
      await expect(orchestrator.approve({ run: waiting.id, by: "cem" })).rejects.toMatchObject({
        code: "RUN_STATE_CONFLICT",
      });
      expect(orchestrator.run(waiting.id).decisions).toMatchObject([{ by: "ben", verdict: "approve" }]);
    });
  });

  test("by two of a group, each once", async () => {
    await project.use(async (orchestrator) => {
      const { id } = await orchestrator.deploy(base("group", "dora"));
      await expect(orchestrator.approve({ run: id, by: "dora" })).rejects.toMatchObject({
        code: "APPROVAL_REFUSED",
      });
      expect((await orchestrator.approve({ run: id, by: "ann" })).approvalsMissing).toBe(1);
      await expect(orchestrator.approve({ run: id, by: "ann" })).rejects.toMatchObject({
        code: "APPROVAL_REFUSED",
      });
      expect(story(await orchestrator.reject({ run: id, by: "cem", comment: "not today" }))).toBe(
        "DONE | rejected | REJECTED | rejected by cem: not today",
      );
      await expect(orchestrator.approve({ run: id, by: "ben" })).rejects.toMatchObject({
        code: "RUN_STATE_CONFLICT",
      });
    });
  });

  test("lapses with time, and is void for another run", async () => {
    let now = new Date("2026-01-01T10:00:00Z");
    await project.use(
      async (orchestrator) => {
        const first = await orchestrator.deploy(base("wait"));
        now = new Date("2026-01-02T10:00:01Z");
        expect(story(await orchestrator.approve({ run: first.id, by: "ben" }))).toContain(
          "DONE | expired | APPROVAL_VOID",
        );
        const second = await orchestrator.deploy(base("wait"));
        expect(story(await orchestrator.cancel({ run: second.id, by: "ann" }))).toContain("DONE | cancelled");
      },
      { clock: () => now },
    );
  });

  const config = "groundplane.config.ts";
  const moves: readonly { readonly part: string; readonly move: (id: string) => Promise<void> }[] = [
    { part: "config", move: () => project.configure("wait", { owner: "moved" }) },
    {
      part: "program",
      move: async () =>
        project.write("stacks/base/index.ts", `${await project.read("stacks/base/index.ts")}\n// moved\n`),
    },
    { part: "dependencies", move: () => project.write("package-lock.json", '{ "moved": true }\n') },
    {
      part: "environment",
      move: async () =>
        project.write(
          config,
          (await project.read(config)).replace(`name: "wait",`, `name: "wait",\n      strict: true,`),
        ),
    },
    {
      part: "state",
      move: async () => {
        // What someone does by hand with the state, or another tool.
        const env = {
          ...process.env,
          ...(await plainPulumiEnvironment(await loadProject(project.root), "wait")),
        };
        await run("pulumi", ["up", "--stack=wait", "--yes", "--skip-preview", "--non-interactive"], {
          cwd: join(project.root, "stacks/base"),
          env,
        });
      },
    },
  ];
  test.each(moves)("is void when the $part moved since", async ({ part, move }) => {
    const id = await project.use(async (orchestrator) => {
      const waiting = await orchestrator.deploy(base("wait"));
      expect(story(waiting)).toBe("WAIT_FOR_APPROVE");
      return waiting.id;
    });
    await move(id);
    await project.use(async (orchestrator, events) => {
      const ended = await orchestrator.approve({ run: id, by: "ben" });
      expect(story(ended)).toContain("DONE | expired | APPROVAL_VOID");
      expect(ended.reason?.message).toContain(part);
      expect(names(events)).toContain("stack.review.void");
      expect(names(events)).not.toContain("stack.up.started");
    });
  });

  test.each(["plan.json", "change-set.json"])("is void when the run's %s was changed", async (file) => {
    await project.configure("wait", { owner: `after ${file}` });
    await project.use(async (orchestrator, events) => {
      const { id } = await orchestrator.deploy(base("wait"));
      const path = `.groundplane/runs/${id}/${file}`;
      await project.write(path, (await project.read(path)).replaceAll("after", "AFTER"));
      expect(story(await orchestrator.approve({ run: id, by: "ben" }))).toContain(
        "DONE | expired | APPROVAL_VOID",
      );
      expect(names(events)).not.toContain("stack.up.started");
    });
  });
});

describe("policy and data", () => {
  test("a violation blocks, and says how to mend it", async () => {
    await project.configure("policy", { open: true });
    await project.use(async (orchestrator, events) => {
      const record = await orchestrator.deploy(base("policy"));
      expect(story(record)).toContain("BLOCKED");
      const finding = record.findings.find(({ rule }) => rule === "no-open-ingress");
      expect(finding).toMatchObject({ status: "violation", enforcement: "mandatory" });
      expect(finding?.urn).toContain("::open");
      expect(finding?.message).toContain("0.0.0.0/0");
      expect(finding?.remedy).not.toBe("");
      expect(names(events)).not.toContain("stack.up.started");
    });
  });

  test("an exemption lets it pass, with a second pack that does not know the rule", async () => {
    await project.configure("exempt", { open: true });
    await project.use(async (orchestrator) => {
      const record = await orchestrator.deploy(base("exempt"));
      expect(story(record)).toBe("DONE | applied");
      expect(record.findings.map(({ rule, status }) => [rule, status])).toContainEqual([
        "no-open-ingress",
        "exempted",
      ]);
    });
  });

  test("what holds data is destroyed only when its URN is confirmed", async () => {
    await project.configure("data", { logs: true });
    await project.use(async (orchestrator) => {
      expect(story(await orchestrator.deploy(base("data")))).toBe("DONE | applied");
      const refused = await orchestrator.destroy(base("data"));
      expect(story(refused)).toContain("BLOCKED");
      const urns = refused.findings
        .filter(({ rule }) => rule === "data-loss")
        .flatMap(({ urn }) => urn ?? []);
      expect(urns.map((urn) => urn.split("::").at(-1)).sort()).toEqual(["logs", "token"]);
      const half = await orchestrator.destroy({ ...base("data"), confirm: urns.slice(0, 1) });
      expect(story(half)).toContain("BLOCKED");
      const wrong = await orchestrator.destroy({
        ...base("data"),
        confirm: [...urns, "urn:pulumi:data::base::x::typo"],
      });
      expect(story(wrong)).toContain("CONFIRMATION_REQUIRED");
      const done = await orchestrator.destroy({ ...base("data"), confirm: urns });
      expect(story(done)).toBe("DONE | applied");
      expect(orchestrator.outputs({ stack: "base", environment: "data" })?.values).toEqual({});
    });
  });

  test("taking data out of an update is guarded too", async () => {
    await project.configure("data", { logs: true });
    await project.use((orchestrator) => orchestrator.deploy(base("data")));
    await project.configure("data", { logs: false });
    await project.use(async (orchestrator) => {
      const record = await orchestrator.deploy(base("data"));
      expect(story(record)).toContain("BLOCKED");
      expect(record.findings.map(({ rule }) => rule)).toContain("data-loss");
    });
  });
});

describe("verification and wiring", () => {
  test("a check that throws fails the run and names it; the outputs are not handed on", async () => {
    process.env["TEST_CHECK_FAILS"] = "1";
    try {
      await project.use(async (orchestrator) => {
        const record = await orchestrator.deploy(base("check"));
        expect(story(record)).toContain("DONE | failed | VERIFICATION_FAILED");
        expect(record.reason?.message).toContain("is not failing: told to fail, with vpc-");
        expect(orchestrator.outputs({ stack: "base", environment: "check" })).toBeUndefined();
      });
    } finally {
      delete process.env["TEST_CHECK_FAILS"];
    }
  });

  test("a downstream stack needs its upstream, and gets its outputs", async () => {
    await project.use(async (orchestrator) => {
      const app = { stack: "app", environment: "chain", requester: "ann" };
      expect(story(await orchestrator.deploy(app))).toContain("UPSTREAM_NOT_DEPLOYED");
      expect(story(await orchestrator.deploy(base("chain")))).toBe("DONE | applied");
      expect(story(await orchestrator.deploy(app))).toBe("DONE | applied");
      expect(orchestrator.outputs({ stack: "app", environment: "chain" })?.values).toMatchObject({
        zone: "eu-central-1a",
      });
    });
  });

  test("a provider that fails half-way leaves a state from which the next deploy goes on", async () => {
    const type = "aws:ssm/parameter:Parameter";
    inCloud(project.root, "drift", (store) =>
      store.addFault({ type, operation: "create", error: "told to fail", times: 1 }),
    );
    await project.use(async (orchestrator) => {
      const failed = await orchestrator.deploy(base("drift"));
      expect(story(failed)).toContain("DONE | failed | ENGINE_FAILED");
      expect(failed.reason?.message).toContain("told to fail");
      const again = await orchestrator.deploy(base("drift"));
      expect(story(again)).toBe("DONE | applied");
      expect((await orchestrator.deploy(base("drift"))).outcome).toBe("unchanged");
    });
    // The engine may or may not have begun the VPC when the parameter failed: there is one of each in the end.
    const made = inCloud(project.root, "drift", (store) => store.list().map(({ type: each }) => each));
    for (const once of ["aws:ec2/vpc:Vpc", type]) {
      expect(made.filter((each) => each === once)).toEqual([once]);
    }
  });
});
