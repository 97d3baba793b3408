import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RunRecord } from "@groundplane/contracts";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";

const execute = promisify(execFile);
const BIN = fileURLToPath(new URL("dist/bin.js", import.meta.resolve("@groundplane/cli/package.json")));

/** Names that a resource may have. None may leave its folder, become a flag, or act on a terminal or a page. */
const NAMES = [
  "--yes",
  "-",
  "../../../outside",
  "/etc/outside",
  "..\\outside",
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  "\u001b[2J\u001b[31mred",
  "\u009b2J",
  "\u202etxt.exe",
  "$(touch outside)",
  "`touch outside`",
  "a'b\"c",
  "__proto__",
  "constructor",
  "mаin",
  "line\nbreak",
  "l".repeat(500),
] as const;

const PROGRAM = `
import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import { z } from "zod";

export default defineStack({
  name: "base",
  config: z.object({ named: z.boolean().default(false), adopt: z.string().optional(), keep: z.boolean().default(false), block: z.string().default("10.1.0.0/16"), open: z.enum(["none", "vpc", "all"]).default("none") }),
  outputs: z.looseObject({}),
  program: ({ config, tags }) => {
    for (const name of config.named ? ${JSON.stringify(NAMES)} : []) new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16", tags });
    if (config.keep) {
      const kept = new aws.ec2.Vpc("kept", { cidrBlock: config.block, tags }, { protect: config.open === "none", deleteBeforeReplace: true });
      new aws.ec2.Subnet("within", { vpcId: kept.id, cidrBlock: "10.1.1.0/24", tags }, { protect: config.open !== "all" });
    }
    if (config.adopt) {
      new aws.ec2.SecurityGroup(
        "adopted",
        {
          name: "wide-open",
          description: "wide open",
          tags,
          ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }],
        },
        { import: config.adopt },
      );
    }
    return {};
  },
});
`;

let project: TestProject;

beforeAll(async () => {
  project = await TestProject.create([
    { name: "names", more: 'policyPacks: [], approval: { type: "any-person" },' },
    { name: "adopt" },
    { name: "keep", more: "policyPacks: []," },
    { name: "yaml", more: 'policyPacks: [], approval: { type: "any-person" },' },
    { name: "flags" },
  ]);
  await project.write("stacks/base/index.ts", PROGRAM);
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });

function listed(environment: string, type: string) {
  return inCloud(project.root, environment, (cloud) => cloud.list({ type }));
}

async function groundplane(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { FORCE_COLOR: _forced, ...env } = process.env;
  return execute(process.execPath, [BIN, ...argv], {
    cwd: project.root,
    env: { ...env, NO_COLOR: "1" },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: error.code ?? -1,
      out: error.stdout ?? "",
      err: error.stderr ?? "",
    }),
  );
}

/** Control characters beside line breaks, and what reorders text (U+202A to U+202E, U+2066 to U+2069). */
function unsafeIn(text: string): readonly string[] {
  return Array.from(text).filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    const control = (code < 32 && character !== "\n" && character !== "\t") || (code >= 127 && code < 160);
    return control || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  });
}

describe("names", () => {
  test("of resources: nothing escapes a folder, becomes a flag, acts on a terminal or a page", async () => {
    // The folder beside the project belongs to other tests too.
    const outside = async (): Promise<readonly string[]> =>
      [
        ...(await readdir(join(project.root, ".."))).filter((name) => name.includes("outside")),
        ...(await readdir(project.root)).filter((name) => name !== ".groundplane"),
        ...(await readdir(join(project.root, "stacks/base"))),
      ].sort();
    const around = await outside();
    await project.configure("names", { named: true });
    const waiting = await project.use((orchestrator) => orchestrator.deploy(base("names")));
    expect([waiting.state, waiting.reason?.message]).toEqual(["WAIT_FOR_APPROVE", undefined]);
    await project.use(async (orchestrator) => {
      const changed = orchestrator.changeSet(waiting.id).changes.map(({ name }) => name);
      for (const name of NAMES) expect(changed, JSON.stringify(name)).toContain(name);
    });

    const page = await readFile(join(project.root, ".groundplane/runs", waiting.id, "review.html"), "utf8");
    expect(page).not.toMatch(/<img src=x|<script>alert/);
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(unsafeIn(page)).toEqual([]);

    for (const argv of [
      ["diff", waiting.id],
      ["status", waiting.id],
      ["status", waiting.id, "--history"],
      ["approve", waiting.id, "--as", "ben", "--yes"],
    ]) {
      const { code, out, err } = await groundplane(...argv);
      expect([argv[0], code, err.includes("UNEXPECTED")]).toEqual([argv[0], 0, false]);
      expect(unsafeIn(out), argv[0]).toEqual([]);
      expect(unsafeIn(err), argv[0]).toEqual([]);
    }
    await project.use(async (orchestrator) => {
      expect(orchestrator.run(waiting.id).outcome).toBe("applied");
      expect((await orchestrator.deploy(base("names"))).outcome).toBe("unchanged");
    });
    expect(listed("names", "aws:ec2/vpc:Vpc")).toHaveLength(NAMES.length);
    expect(await outside()).toEqual(around);
    expect(Object.hasOwn(Object.prototype, "urn")).toBe(false);
  });

  test.each([
    "../base",
    "base/../base",
    "--all",
    "-s",
    "bаse",
    "base\u0000",
    "base\n",
    " base",
    "BASE",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "",
    "b".repeat(10_000),
  ])(
    "of a stack or an environment that there is not (%j) are refused everywhere, before anything is written",
    async (name) => {
      await project.use(async (orchestrator, events) => {
        const stack = { stack: name, environment: "names", requester: "ann" };
        const environment = { stack: "base", environment: name, requester: "ann" };
        for (const request of [stack, environment]) {
          const code = request === stack ? "STACK_NOT_FOUND" : "ENVIRONMENT_NOT_FOUND";
          for (const command of ["deploy", "preview", "destroy", "drift", "unlock", "resume"] as const)
            await expect((async () => orchestrator[command](request))(), command).rejects.toMatchObject({
              code,
            });
          for (const command of ["outputs", "outputFiles", "driftHistory"] as const)
            expect(() => orchestrator[command](request), command).toThrow(expect.objectContaining({ code }));
        }
        for (const command of ["deployEnvironment", "previewEnvironment", "destroyEnvironment"] as const) {
          await expect(
            (async () => orchestrator[command]({ environment: "names", requester: "ann", stacks: [name] }))(),
          ).rejects.toMatchObject({ code: "STACK_NOT_FOUND" });
          await expect(
            (async () => orchestrator[command]({ environment: name, requester: "ann" }))(),
          ).rejects.toMatchObject({ code: "ENVIRONMENT_NOT_FOUND" });
        }
        expect(events).toEqual([]);
      });
    },
  );

  test.each(["", "-f", "--as", "a\u001b[2Jb", "a b", "аnn", "__proto__", "a".repeat(128), "a\nb"])(
    "of a requester that are none (%j) are refused",
    async (requester) => {
      await project.use(async (orchestrator, events) => {
        await expect(
          orchestrator.deploy({ stack: "base", environment: "names", requester }),
        ).rejects.toMatchObject({
          code: "INVALID_NAME",
        });
        expect(events).toEqual([]);
      });
    },
  );
});

describe("nothing matched is never success", () => {
  test.each([
    [["deploy", "nowhere"], 64],
    [["deploy", "names", "nothing"], 64],
    [["preview", "names", "nothing"], 64],
    [["destroy", "names", "nothing"], 64],
    [["destroy", "names"], 64],
    [["drift", "names", "nothing"], 64],
    [["drift", "nowhere"], 64],
    [["outputs", "names", "nothing"], 64],
    [["unlock", "names", "nothing"], 64],
    [["resume", "nowhere"], 64],
    [["deploy"], 64],
    [["deploy", "names", "--target=urn:pulumi:names::base::x::y"], 64],
    [["deploy", "names", "--", "--policy-pack="], 64],
    [["status", "run-20260101-000000-aaaaaa"], 64],
    [["diff", "--help-me"], 64],
  ] as const)("groundplane %j exits with %i", async (argv, exit) => {
    const { code, out, err } = await groundplane(...argv);
    expect(code).toBe(exit);
    expect(`${out}${err}`).toMatch(/\b(INVALID_ARGUMENT|[A-Z]+_NOT_FOUND)\b|no environment is named/);
  });

  test("a list of no stacks is refused, and a project without stacks cannot be defined", async () => {
    await project.use(async (orchestrator) => {
      for (const command of ["deployEnvironment", "previewEnvironment", "destroyEnvironment"] as const)
        await expect(
          (async () => orchestrator[command]({ environment: "names", requester: "ann", stacks: [] }))(),
        ).rejects.toMatchObject({ code: "STACK_NOT_FOUND" });
    });
    const file = "groundplane.config.ts";
    const before = await project.read(file);
    await project.write(file, before.replace(/stacks: \[.*\]/, "stacks: []"));
    try {
      for (const argv of [["deploy"], ["preview"], ["drift"], ["destroy", "--all"]]) {
        const { code, out, err } = await groundplane(argv[0] ?? "", "names", ...argv.slice(1));
        expect([argv[0], code]).toEqual([argv[0], 64]);
        expect(`${out}${err}`).toMatch(/PROJECT_INVALID.* no stacks/s);
      }
    } finally {
      await project.write(file, before);
    }
  });
});

describe("a violation does not get through", () => {
  test("by an import: the change set says import, and the policies see it", async () => {
    // Someone made it by hand, and the program takes it over.
    const folder = join(project.root, "stacks/base");
    await project.configure("adopt", {});
    expect((await project.use((orchestrator) => orchestrator.deploy(base("adopt")))).outcome).toMatch(
      /applied|unchanged/,
    );
    const env = {
      ...process.env,
      ...(await plainPulumiEnvironment(await loadProject(project.root), "adopt")),
    };
    const byHand = (await project.read("stacks/base/index.ts")).replace("{ import: config.adopt }", "{}");
    const program = await project.read("stacks/base/index.ts");
    await project.write("stacks/base/index.ts", byHand);
    await project.configure("adopt", { adopt: "yes" });
    await execute("pulumi", ["up", "--yes", "--skip-preview", "--stack=adopt", "--non-interactive"], {
      cwd: folder,
      env,
    });
    await project.write("stacks/base/index.ts", program);
    const urn =
      (await execute("pulumi", ["stack", "export", "--stack=adopt"], { cwd: folder, env })).stdout.match(
        /urn:pulumi:[^"]*::adopted/,
      )?.[0] ?? "";
    await execute("pulumi", ["state", "delete", urn, "--yes", "--stack=adopt"], { cwd: folder, env });
    const groups = listed("adopt", "aws:ec2/securityGroup:SecurityGroup");
    const id = groups.find(({ urn: of }) => of === urn)?.id ?? "";
    expect(id).toMatch(/^sg-/);

    await project.configure("adopt", { adopt: id });
    await project.use(async (orchestrator, events) => {
      const run = await orchestrator.deploy(base("adopt"));
      expect([run.state, run.reason?.message]).toEqual(["BLOCKED", expect.stringContaining("block")]);
      expect(run.findings.map(({ rule, urn: of }) => [rule, of])).toContainEqual(["no-open-ingress", urn]);
      const change = orchestrator.changeSet(run.id).changes.find(({ urn: of }) => of === urn);
      expect(change?.operation).toBe("import");
      expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
    });
  });

  test("by a destroy, a delete or a replacement of what is protected, confirmed or not", async () => {
    const refusals = ({ findings }: RunRecord) =>
      findings
        .filter(({ rule, enforcement }) => rule === "protected-resource" && enforcement === "mandatory")
        .map(({ message }) => message)
        .sort();
    const both = (operation: string) => [
      `kept is protected, and the change would ${operation} it`,
      `within is protected, and the change would ${operation} it`,
    ];
    await project.use(async (orchestrator, events) => {
      const asked = (config: Readonly<Record<string, string | boolean>>) =>
        project.configure("keep", { keep: true, ...config });
      await asked({});
      const first = await orchestrator.deploy(base("keep"));
      expect(first.outcome).toBe("applied");
      const confirm = orchestrator
        .changeSet(first.id)
        .changes.flatMap(({ urn }) => (/::(kept|within)$/.test(urn) ? [urn] : []));
      const before = events.length;
      for (const confirmed of [[], confirm]) {
        const refused = await orchestrator.destroy({ ...base("keep"), confirm: confirmed });
        expect([refused.state, refusals(refused)]).toEqual(["BLOCKED", both("delete")]);
      }
      await project.configure("keep", {});
      const deleted = await orchestrator.deploy({ ...base("keep"), confirm });
      // What it is in is left out by the engine, as long as it stands.
      expect([deleted.state, refusals(deleted)]).toEqual(["BLOCKED", both("delete").slice(1)]);
      await asked({ block: "10.2.0.0/16" });
      const replaced = await orchestrator.deploy({ ...base("keep"), confirm });
      expect([replaced.state, refusals(replaced)]).toEqual(["BLOCKED", both("replace")]);
      const changes = ["stack.up.started", "stack.destroy.started"];
      expect(events.slice(before).filter(({ name }) => changes.includes(name))).toEqual([]);

      // Taken off in a deployment of its own, which changes nothing else; until then it blocks.
      await asked({ open: "vpc" });
      const opened = await orchestrator.deploy(base("keep"));
      expect([opened.outcome, opened.counts.update]).toEqual(["applied", 1]);
      await asked({ open: "vpc", block: "10.2.0.0/16" });
      const along = await orchestrator.deploy(base("keep"));
      // The VPC may be replaced now; what would go with it is told by the engine's words alone.
      expect([along.state, refusals(along)]).toEqual(["BLOCKED", both("replace").slice(1)]);
      await asked({ open: "all" });
      expect(refusals(await orchestrator.destroy(base("keep")))).toEqual(both("delete").slice(1));
      expect(listed("keep", "aws:ec2/vpc:Vpc")).toHaveLength(1);
      expect((await orchestrator.deploy(base("keep"))).outcome).toBe("applied");
      expect((await orchestrator.destroy(base("keep"))).outcome).toBe("applied");
      expect(listed("keep", "aws:ec2/vpc:Vpc")).toHaveLength(0);
    });
  });

  test("by flags of the engine in variables, config or the request: targets, excludes, imports", async () => {
    const hostile = {
      PULUMI_OPTION_TARGET: "urn:pulumi:flags::base::x::y",
      PULUMI_OPTION_EXCLUDE: "**",
      PULUMI_OPTION_POLICY_PACK: "",
      PULUMI_CONTINUE_ON_ERROR: "true",
      PULUMI_DISABLE_POLICY: "true",
      PULUMI_SKIP_CHECKPOINTS: "true",
      PULUMI_K8S_DELETE_UNREACHABLE: "true",
    };
    Object.assign(process.env, hostile);
    try {
      await project.configure("flags", { keep: true });
      await project.use(async (orchestrator) => {
        const more = { target: ["x"], targets: ["x"], exclude: ["**"], policyPacks: [], skipPolicies: true };
        const run = await orchestrator.deploy({ ...base("flags"), ...more });
        expect(run.outcome).toBe("applied");
        expect(run.counts).toMatchObject({ create: 3 });
        // Checkpoints were written, so the next one knows what stands.
        expect((await orchestrator.deploy(base("flags"))).outcome).toBe("unchanged");
      });
    } finally {
      for (const name of Object.keys(hostile)) delete process.env[name];
    }
  });

  test.each([
    ["a value for all environments", "config:\n  named: true\n"],
    ["a plugin of its own", "plugins:\n  providers:\n    - name: aws\n      path: ./evil\n"],
    ["an option of the engine", "options:\n  refresh: always\n"],
  ])("by %s in Pulumi.yaml since the approval", async (_name, more) => {
    const file = "stacks/base/Pulumi.yaml";
    const before = await project.read(file);
    const id = await project.use(async (orchestrator) => {
      await project.configure("yaml", { keep: true });
      const waiting = await orchestrator.deploy(base("yaml"));
      expect(waiting.state).toBe("WAIT_FOR_APPROVE");
      return waiting.id;
    });
    await project.write(file, `${before}${more}`);
    try {
      await project.use(async (orchestrator, events) => {
        const ended = await orchestrator.approve({ run: id, by: "ben" });
        expect([ended.outcome, ended.reason?.code]).toEqual(["expired", "APPROVAL_VOID"]);
        expect(ended.reason?.message).toContain("config");
        expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
      });
    } finally {
      await project.write(file, before);
    }
  });
});
