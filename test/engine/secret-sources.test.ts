import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { secretLeaks } from "../secret-leaks.ts";

const TOKEN = "hvs.canary-t0ken-of-the-vault";
let value = "canary/f1rst+v4lue=Ω";
const written = new Set<string>([TOKEN]);
let vault: Server;
let project: TestProject;

// What Node keeps compiled is looked through as well: in the project's own folder.
delete process.env["NODE_COMPILE_CACHE"];

beforeAll(async () => {
  vault = createServer((request, response) => {
    if (request.headers["x-vault-token"] !== TOKEN) response.writeHead(403).end("{}");
    else if (request.url !== "/v1/kv/data/shop/mail") response.writeHead(404).end("{}");
    else response.end(JSON.stringify({ data: { data: { password: value } } }));
  });
  await new Promise<void>((listening) => {
    vault.listen(0, "127.0.0.1", listening);
  });
  const at = vault.address();
  process.env["VAULT_TOKEN"] = TOKEN;
  process.env["GROUNDPLANE_TEST_VAULT"] = `http://127.0.0.1:${typeof at === "object" ? at?.port : ""}`;
  project = await TestProject.create([{ name: "dev" }]);
  await project.write(
    "stacks/base/index.ts",
    `import { Secret } from "@groundplane/aws";
import { openSecrets, parseSecretManifest, vaultSource } from "@groundplane/secrets";
import { defineStack } from "@groundplane/orchestrator";
import { z } from "zod";

const manifest = parseSecretManifest(JSON.stringify({
  schema: "groundplane.dev/secrets/v1",
  secrets: { mail: { source: "vault", path: "shop/mail", field: "password" } },
}));

export default defineStack({
  name: "base",
  config: z.object({}),
  outputs: z.object({ arn: z.string() }),
  program: ({ tags }) => {
    const address = process.env["GROUNDPLANE_TEST_VAULT"] ?? "";
    const secrets = openSecrets(manifest, { vault: vaultSource({ address, mount: "kv" }) });
    const mail = new Secret("mail", { preset: "dev", value: secrets.value("mail"), tags });
    return { arn: mail.secretArn };
  },
});
`,
  );
});
afterAll(async () => {
  vault.closeAllConnections();
  vault.close();
  delete process.env["VAULT_TOKEN"];
  delete process.env["GROUNDPLANE_TEST_VAULT"];
  await project.remove();
});

const told: string[] = [];
async function deploy(confirm: readonly string[] = []) {
  written.add(value);
  return project.use(async (orchestrator, events) => {
    const request = { stack: "base", environment: "dev", requester: "ann" };
    const run = await orchestrator.deploy({ ...request, confirm });
    told.push(JSON.stringify([events, run, orchestrator.history(run.id)]));
    return run;
  });
}

function versions() {
  return inCloud(project.root, "dev", (store) =>
    store.list({ type: "aws:secretsmanager/secretVersion:SecretVersion" }),
  );
}

async function leaks(): Promise<readonly string[]> {
  const cloud = inCloud(project.root, "dev", (store) => JSON.stringify(store.list()));
  const others = { told: told.join("\n"), cloud };
  return secretLeaks([...written], { folder: project.root, atLeast: 20, told: others });
}

test("a value of a source reaches the cloud, and is in no byte that is written or told", async () => {
  expect(await deploy()).toMatchObject({ state: "DONE", outcome: "applied" });
  expect(await deploy()).toMatchObject({ state: "DONE", outcome: "unchanged" });
  expect(versions()).toHaveLength(1);
  expect(await leaks()).toEqual([]);
});

test("a changed value replaces the version, which is confirmed by name", async () => {
  const [before] = versions();
  value = "canary/s3cond+v4lue=Ω";
  const blocked = await deploy();
  expect(blocked.state).toBe("BLOCKED");
  const version = /urn:pulumi:[^\s"]*SecretVersion::mail-version/.exec(JSON.stringify(blocked))?.[0] ?? "";
  expect(await deploy([version])).toMatchObject({ state: "DONE", outcome: "applied" });
  const [after, ...others] = versions();
  expect(others).toEqual([]);
  // Other content: the cloud's seal of it is another.
  expect(JSON.stringify(after?.outputs["secretString"])).not.toBe(
    JSON.stringify(before?.outputs["secretString"]),
  );
  expect(await leaks()).toEqual([]);
});

test("fails when the source has none, and says where", async () => {
  process.env["VAULT_TOKEN"] = `${TOKEN}-revoked`;
  const failed = await deploy();
  process.env["VAULT_TOKEN"] = TOKEN;
  expect(failed.outcome).toBe("failed");
  expect(failed.reason?.message).toContain(
    'vault "shop/mail", field "password": the token is not valid here',
  );
  expect(await leaks()).toEqual([]);
});
