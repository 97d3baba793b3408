import { execFile, spawn } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadProject, plainPulumiEnvironment } from "@groundplane/orchestrator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { processesOf } from "./processes.ts";
import { workInProcess } from "./work-in-process.ts";

const run = promisify(execFile);
const BIN = fileURLToPath(new URL("dist/bin.js", import.meta.resolve("@groundplane/cli/package.json")));

/** No escape changes a letter or digit, so each line's own word is in whatever a program makes of it but base64 and hex. */
const WORDS = ["cAnary5up3r53cretWordOne", "cAnary5up3r53cretWordTwo"] as const;
const SECRET = `q"${WORDS[0]}'<&>/+=Ω %\\\n  ${WORDS[1]}:$(x)\`é`;
const PARAMETER = "aws:ssm/parameter:Parameter";

function formsOf(word: string): readonly string[] {
  const bytes = Buffer.from(word, "utf8");
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const whole = bytes.subarray((3 - before) % 3);
    const aligned = whole.subarray(0, whole.length - (whole.length % 3));
    return [aligned.toString("base64"), aligned.toString("base64url")];
  });
  const hex = bytes.toString("hex");
  return [...new Set([word, ...inBase64, hex, hex.toUpperCase()])];
}
const FORMS = WORDS.flatMap(formsOf);

/** What errors make of a value. */
const quoted = (secret: string): string =>
  [
    secret,
    JSON.stringify({ secret }),
    JSON.stringify(JSON.stringify({ secret })),
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    new URLSearchParams({ secret }).toString(),
    Buffer.from(secret).toString("base64"),
    Buffer.from(`u:${secret}`).toString("base64"),
    Buffer.from(`user:${secret}`).toString("base64url"),
    Buffer.from(`aws:${secret}`).toString("base64"),
    Buffer.from(secret).toString("hex"),
    Buffer.from(secret).toString("hex").toUpperCase(),
    secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&#34;"),
    secret.replaceAll("'", "'\\''"),
    secret
      .split("\n")
      .map((line) => `| ${line}`)
      .join("\n"),
  ].join(" ; ");

const VAULT = `
import { defineStack, secret } from "@groundplane/orchestrator";
import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import { z } from "zod";

export default defineStack({
  name: "base",
  config: z.object({ token: secret(z.string().default("none yet")), throws: z.string().default("") }),
  outputs: z.object({
    token: secret(z.string()),
    nested: secret(z.object({ deep: z.array(z.object({ token: z.string() })) })),
  }),
  program: ({ config, tags }) => {
    if (config.throws === "late") {
      config.token.apply((token) => {
        throw new TypeError("no: " + token, { cause: new RangeError(Buffer.from("user:" + token).toString("base64")) });
      });
    }
    const provider = new aws.Provider("explicit", { region: "eu-central-1", secretKey: config.token, token: config.token });
    const nested = config.token.apply((token) => ({ deep: [{ token }] }));
    new aws.ssm.Parameter("nested", { type: "SecureString", value: pulumi.jsonStringify(nested), tags }, { provider });
    return { token: config.token, nested };
  },
});
`;

const DOWNSTREAM = `
import { defineStack } from "@groundplane/orchestrator";
import * as aws from "@pulumi/aws";
import { z } from "zod";
import base from "../base/index.ts";

export default defineStack({
  name: "app",
  config: z.object({}),
  outputs: z.object({}),
  dependsOn: { base },
  program: ({ upstream, tags }) => {
    new aws.ssm.Parameter("copy", { type: "SecureString", value: upstream.base.token, tags });
    return {};
  },
});
`;

/** It sees what the engine sees: secrets in the clear. */
const pack = (says: string): string => `
import { PolicyPack } from "@pulumi/policy";
new PolicyPack("loose", {
  policies: [{
    name: "quotes",
    description: "quotes",
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      if (!args.type.startsWith("aws:ssm/")) return;
      const value = JSON.stringify(args.props) + " " + Buffer.from("x:" + args.props.value).toString("base64");
      ${says}
    },
  }],
});
`;

let project: TestProject;
const told: string[] = [];

// What Node keeps compiled is looked through as well: in the project's own folder.
delete process.env["NODE_COMPILE_CACHE"];

beforeAll(async () => {
  project = await TestProject.create([
    { name: "dev", more: "policyPacks: []," },
    { name: "says", more: 'policyPacks: ["./packs/says"],' },
    { name: "throws", more: 'policyPacks: ["./packs/throws"],' },
  ]);
  await project.write("stacks/base/index.ts", VAULT);
  await project.write("stacks/app/index.ts", DOWNSTREAM);
  await mkdir(join(project.root, "tmp"));
  for (const [name, says] of [
    ["says", "report(value);"],
    ["throws", "throw new TypeError(value);"],
  ] as const) {
    await project.write(
      `packs/${name}/package.json`,
      `{ "name": "${name}", "version": "1.0.0", "type": "module", "main": "./pulumi.mjs" }`,
    );
    await project.write(`packs/${name}/PulumiPolicy.yaml`, "runtime: nodejs\nmain: pulumi.mjs\n");
    await project.write(`packs/${name}/pulumi.mjs`, pack(says));
  }
  // The first run makes the stack and its passphrase.
  await project.use((orchestrator) =>
    orchestrator.preview({ stack: "base", environment: "dev", requester: "ann" }),
  );
});
afterAll(() => project.remove());

async function setToken(environment: string, token: string): Promise<void> {
  await project.use((orchestrator) => orchestrator.preview({ stack: "base", environment, requester: "ann" }));
  const env = {
    ...process.env,
    ...(await plainPulumiEnvironment(await loadProject(project.root), environment)),
  };
  const engine = spawn(
    "pulumi",
    ["config", "set", "--secret", "base:token", `--stack=${environment}`, "--non-interactive"],
    {
      cwd: join(project.root, "stacks/base"),
      env,
      stdio: ["pipe", "ignore", "inherit"],
    },
  );
  engine.stdin.end(token);
  expect(await new Promise((resolve) => engine.on("close", resolve))).toBe(0);
}

/** Runs the command with everything it can say, and keeps it. */
async function groundplane(...argv: readonly string[]): Promise<string> {
  const env = { ...process.env, GROUNDPLANE_DEBUG: "1", TMPDIR: join(project.root, "tmp") };
  const text = await run(process.execPath, [BIN, ...argv], {
    cwd: project.root,
    env,
    maxBuffer: 64 << 20,
  }).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout?: string; stderr?: string }) => `${error.stdout}${error.stderr}`,
  );
  told.push(text);
  return text;
}

function cloudErrs(environment: string, operation: "create" | "update", error: string): void {
  inCloud(project.root, environment, (store) =>
    store.addFault({ type: PARAMETER, operation, error, times: 1 }),
  );
}

async function leaks(): Promise<readonly string[]> {
  const entries = await readdir(project.root, { recursive: true, withFileTypes: true });
  // The sandbox's file holds the faults that this test wrote; what the cloud holds is looked at by itself.
  const files = entries
    .filter((entry) => entry.isFile() && !/sandbox\/[a-z]+\.db/.test(join(entry.parentPath, entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(30);
  const found = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file);
      return FORMS.filter((form) => bytes.includes(form)).map((form) => `${file}: ${form}`);
    }),
  );
  const said = told.flatMap((text) =>
    FORMS.filter((form) => text.includes(form)).map((form) => `said ${form}: ${text.slice(0, 300)}`),
  );
  return [...found.flat(), ...said];
}

function formsInCloud(environment: string): readonly string[] {
  const held = inCloud(project.root, environment, (store) => JSON.stringify(store.list()));
  return FORMS.filter((form) => held.includes(form));
}

test("the forms are found where they are: this test can fail", () => {
  for (const word of WORDS) {
    expect(quoted(SECRET)).toContain(word);
    for (const form of formsOf(word))
      expect(
        quoted(`${SECRET}`).includes(form) ||
          quoted(`.${SECRET}`).includes(form) ||
          quoted(`..${SECRET}`).includes(form),
        form,
      ).toBe(true);
  }
});

test("in the program's errors, the cloud's, and what the command says of them: as text, as JSON, as events", async () => {
  await setToken("dev", SECRET);
  const config = await project.read("stacks/base/Pulumi.dev.yaml");
  await project.write(
    "stacks/base/Pulumi.dev.yaml",
    config.replace(/^config:\n( +)/m, "config:\n$1base:throws: late\n$1"),
  );
  for (const how of [["--json"], ["--log-format", "json"], []]) {
    const text = await groundplane("deploy", "dev", "base", "--yes", ...how);
    expect(text).toContain("no: ");
    expect(text).toContain("[secret]");
  }
  await project.write("stacks/base/Pulumi.dev.yaml", config);

  cloudErrs("dev", "create", `ValidationException: ${quoted(SECRET)}`);
  const text = await groundplane("deploy", "dev", "base", "--yes", "--log-format", "json");
  expect(text).toContain("ValidationException");
  expect(text).toContain("[secret]");
  expect(await leaks()).toEqual([]);
});

test("in provider arguments, nested outputs, old values, and what a stack hands to the next one", async () => {
  expect(await groundplane("deploy", "dev", "base", "--yes", "--json")).toContain('"outcome": "applied"');
  cloudErrs("dev", "create", `ValidationException: ${quoted(SECRET)}`);
  const downstream = await groundplane("deploy", "dev", "app", "--yes", "--log-format", "json");
  expect(downstream).toContain("ValidationException");
  expect(await groundplane("deploy", "dev", "app", "--yes")).toMatch(/applied/i);

  await setToken("dev", `${SECRET}\nand more`);
  cloudErrs("dev", "update", `ValidationException: was ${quoted(SECRET)}`);
  expect(await groundplane("deploy", "dev", "base", "--yes")).toContain("ValidationException");
  expect(await groundplane("deploy", "dev", "base", "--yes", "--json")).toContain('"outcome": "applied"');
  for (const argv of [
    ["outputs", "dev", "base"],
    ["outputs", "dev", "base", "--json"],
    ["drift", "dev", "base", "--json"],
    ["status", "--json"],
    ["doctor", "--json"],
  ])
    await groundplane(...argv);
  const last = await project.use(async (orchestrator) => orchestrator.runs({ stack: "base" })[0]?.id ?? "");
  for (const argv of [
    ["diff", last],
    ["diff", last, "--json"],
    ["status", last, "--history"],
  ])
    await groundplane(...argv);
  expect(formsInCloud("dev")).toEqual([]);
  expect(await leaks()).toEqual([]);
});

test.each(["says", "throws"])("in what a pack %s", async (environment) => {
  await setToken(environment, SECRET);
  for (const how of [["--json"], ["--log-format", "json"]]) {
    const text = await groundplane("deploy", environment, "base", "--yes", ...how);
    expect(text).toContain("[secret]");
    expect(text).not.toContain('"applied"');
  }
  expect(await leaks()).toEqual([]);
});

test("in what a killed process leaves behind", async () => {
  await setToken("dev", `${SECRET}\nand even more`);
  const { killed } = await workInProcess({
    root: project.root,
    environment: "dev",
    operation: "deploy",
    killAtResource: { type: PARAMETER },
  });
  expect(killed).toBe(true);
  expect(await processesOf(project.root)).toEqual([]);
  expect((await readdir(join(project.root, ".groundplane/work"))).length).toBeGreaterThan(0);
  expect(await leaks()).toEqual([]);
});
