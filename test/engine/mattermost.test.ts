import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GroundplaneEvent } from "@groundplane/contracts";
import type { Orchestrator } from "@groundplane/orchestrator";
import type { SandboxStore } from "@groundplane/sandbox";
import mattermost from "@groundplane/stack-mattermost";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inCloud as inSandbox } from "../in-cloud.ts";
import { secretLeaks } from "../secret-leaks.ts";
import { withOrchestrator } from "../with-orchestrator.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const SETUP = "groundplane-machine:index:Setup";
/** What each secret is on the sandbox; with the escape of the file that libpq reads a password from. */
const CANARIES = ["ssh-private-key", "mattermost-postgres-password", "mattermost-admin-password"].flatMap(
  (name) => [`made up for the sandbox: ${name}`, `made up for the sandbox\\: ${name}`],
);

const CONFIG = `
import { defineEnvironment, defineProject } from "@groundplane/orchestrator";
import { libvirtSandbox } from "@groundplane/sandbox";

const tags = { Environment: "rack", Project: "test", Owner: "team", ManagedBy: "groundplane" };
const policyPacks = ["@groundplane/policy-baseline", "@groundplane/policy-libvirt"];
const common = { policyPacks, approval: { type: "automatic" }, tags } as const;

export default defineProject({
  name: "test",
  stacks: ["stacks/mattermost"],
  environments: [
    defineEnvironment({ name: "rack", cloud: libvirtSandbox(), ...common }),
  ],
});
`;

let root = "";
const events: GroundplaneEvent[] = [];

beforeAll(async () => {
  // Inside the repository, so that its packages are found.
  const scratch = join(repository, "test", ".groundplane");
  await mkdir(scratch, { recursive: true });
  root = await mkdtemp(join(scratch, "mattermost-"));
  const stack = join(root, "stacks/mattermost");
  await cp(join(repository, "stacks/mattermost"), stack, {
    recursive: true,
    filter: (path) => basename(path) !== "node_modules",
  });
  await writeFile(join(root, "groundplane.config.ts"), CONFIG);
  await writeFile(join(root, "package.json"), '{ "name": "copy", "private": true, "type": "module" }\n');
  await writeFile(join(root, "package-lock.json"), "{}\n");
});
afterAll(() => rm(root, { recursive: true, force: true }));

const use = <Result>(work: (orchestrator: Orchestrator) => Promise<Result>) =>
  withOrchestrator(root, work, { onEvent: (event) => events.push(event) });
const inCloud = <Result>(work: (store: SandboxStore) => Result) => inSandbox(root, "rack", work);
const nameOf = ({ urn }: { readonly urn: string }): string | undefined => urn.split("::").at(-1);
const deploy = (refresh = false) =>
  use((orchestrator) =>
    orchestrator.deploy({ stack: "mattermost", environment: "rack", requester: "ann", refresh }),
  );

describe("stacks/mattermost on the sandbox", () => {
  test("is deployed, and has nothing to change then", async () => {
    const done = await deploy();
    expect(done.outcome, JSON.stringify([done.reason, done.findings])).toBe("applied");
    expect(inCloud((store) => store.list({ type: SETUP }).map(nameOf)).toSorted()).toEqual([
      "chat-accounts",
      "chat-backup",
      "chat-project-setup",
      "chat-published-ports",
      "firewall",
    ]);
    expect((await deploy()).outcome).toBe("unchanged");
  });

  test("hands on where it is and where tokens are", async () => {
    const text = await new Promise<string>((resolve) => {
      execFile("grep", ["-rlF", '"http://10.220.1.10:8065"', join(root, ".groundplane")], (_, out) =>
        resolve(out),
      );
    });
    const files = text.split("\n").filter((path) => path.includes("outputs"));
    const outputs = await Promise.all(files.map((path) => readFile(path, "utf8")));
    expect(outputs.join("")).toContain("/opt/mattermost/tokens/poseidon");
  });

  test("shows a service that is not healthy as drift, and sets it right", async () => {
    inCloud((store) => {
      const project = store.list({ type: SETUP }).find((one) => nameOf(one) === "chat-project-setup");
      store.set(project?.id ?? "", "healthy", false);
    });
    await use(async (orchestrator) => {
      const { stacks } = await orchestrator.driftEnvironment({ environment: "rack" });
      const [report] = stacks.map((one) => ("report" in one ? one.report.items : []));
      expect(JSON.stringify(report)).toContain("chat-project-setup");
    });
    expect((await deploy(true)).outcome).toBe("applied");
    expect((await deploy()).outcome).toBe("unchanged");
  });

  test("keeps its secrets out of every byte that is written", async () => {
    const cloud = inCloud((store) => JSON.stringify(store.list()));
    const told = { events: JSON.stringify(events), cloud };
    expect(await secretLeaks(CANARIES, { folder: root, atLeast: 40, told })).toEqual([]);
    // Not for want of secrets: each has its name in the program's resources.
    expect(cloud).toContain("/opt/mattermost/secrets/pgpass");
    expect(cloud).toContain("/opt/mattermost/admin/password");
  });

  test("refuses made-up digests where there is no sandbox, before it looks at the server", async () => {
    const document = parse(await readFile(join(root, "stacks/mattermost/Pulumi.rack.yaml"), "utf8"));
    const entries = Object.entries(document.config).map(([key, value]) => [
      key.replace("mattermost:", ""),
      value,
    ]);
    const config = mattermost.config.parse(Object.fromEntries(entries));
    const signal = AbortSignal.timeout(10_000);
    expect(await mattermost.preflight?.({ config, environment: "rack", signal })).toMatchObject(
      Object.values(config.images).map((subject) => ({ subject, problem: "the digest is made up" })),
    );
  });

  test("is destroyed to nothing", async () => {
    const { outcome, reason } = await use((orchestrator) =>
      orchestrator.destroy({ stack: "mattermost", environment: "rack", requester: "ann" }),
    );
    expect(outcome, reason?.message).toBe("applied");
    expect(inCloud((store) => store.list({ type: SETUP }))).toEqual([]);
  });
});
