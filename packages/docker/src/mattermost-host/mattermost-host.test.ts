import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { type RecordedResource, record, resolved } from "../../../../test/recording-mocks.ts";
import { parseCompose, renderCompose } from "../compose/compose-yaml.ts";
import { composeConfig, noCompose } from "../compose/docker-compose.fixture.ts";
import type { PinnedImage } from "../image/image-reference.ts";
import { MattermostHost, type MattermostHostArgs } from "./mattermost-host.ts";
import { planMattermost } from "./mattermost-plan.ts";

const images = {
  mattermost: `mattermost/mattermost-team-edition:9.5@sha256:${"0a".repeat(32)}`,
  postgres: `postgres:13@sha256:${"0b".repeat(32)}`,
} as const;
const PASSWORD = "CANARY-postgres-password";
const ADMIN = "CANARY-admin-password";
const KEY = "CANARY-private-key";
const args: MattermostHostArgs = {
  connection: { host: "10.220.1.10", user: "jefcox", privateKey: KEY, hostKey: "ssh-ed25519 AAAA" },
  address: "10.220.1.10",
  images,
  postgresPassword: PASSWORD,
  admin: { username: "jeff", email: "jeff@example.com", password: ADMIN },
  allowedNetworks: ["10.220.1.0/24"],
  bots: [{ username: "athena" }, { username: "apollo" }],
};
const create = (own: Partial<MattermostHostArgs> = {}) =>
  record(
    (options) => new MattermostHost("unit", { ...args, ...own }, options),
    () => ({ healthy: true }),
  );
const setups = (resources: readonly RecordedResource[]) => resources.filter(({ custom }) => custom);

describe("MattermostHost", () => {
  test("is four setups of one machine", async () => {
    const { resources } = await create();
    expect(resources.map(({ type, name }) => [type, name])).toEqual([
      ["groundplane:docker:MattermostHost", "unit"],
      ["groundplane-machine:index:Setup", "unit-accounts"],
      ["groundplane-machine:index:Setup", "unit-backup"],
      ["groundplane:docker:ComposeProject", "unit-project"],
      ["groundplane-machine:index:Setup", "unit-project-setup"],
      ["groundplane-machine:index:Setup", "unit-published-ports"],
    ]);
  });

  test("writes these files", async () => {
    const { resources } = await create();
    const files = setups(resources).flatMap(({ inputs }) => {
      const { files: given } = JSON.parse(JSON.stringify(inputs));
      return (Array.isArray(given) ? given : given.value).map(
        ({ path, mode, owner }: Record<string, string>) => [mode ?? "0644", owner ?? "root", path].join(" "),
      );
    });
    expect(files.toSorted()).toEqual([
      "0400 2000 /opt/mattermost/secrets/pgpass",
      "0400 999 /opt/mattermost/secrets/postgres-password",
      "0400 root /opt/mattermost/admin/password",
      "0644 root /etc/systemd/system/mattermost-backup.service",
      "0644 root /etc/systemd/system/mattermost-backup.timer",
      "0644 root /etc/systemd/system/mattermost-published-ports.service",
      "0644 root /opt/mattermost/accounts.json",
      "0644 root /opt/mattermost/compose.yaml",
      "0750 root /opt/mattermost/bin/backup",
      "0750 root /opt/mattermost/bin/restore",
      "0755 root /opt/mattermost/bin/accounts",
      "0755 root /opt/mattermost/bin/published-ports",
    ]);
  });

  // The mocks hoist the mark to the input that has a secret in it; in the inputs without the mark there may be none.
  test("has its secrets in inputs that are marked as secret, and in no others", async () => {
    const { resources, outputs } = await create();
    const marked: string[] = [];
    for (const { name, inputs } of resources)
      for (const [input, value] of Object.entries(inputs)) {
        const text = JSON.stringify(value);
        if (!/CANARY/.test(text)) continue;
        expect(text).toContain("1b47061264138c4ac30d75fd1eb44270");
        marked.push(`${name} ${input}`);
      }
    expect(marked.toSorted()).toEqual([
      "unit-accounts connection",
      "unit-accounts files",
      "unit-backup connection",
      "unit-project-setup connection",
      "unit-project-setup files",
      "unit-published-ports connection",
    ]);
    expect(JSON.stringify(await resolved(pulumi.output(outputs)))).not.toContain("CANARY");
  });

  test("has each secret in its own file alone", async () => {
    const { resources } = await create();
    const holders = setups(resources).flatMap(({ inputs }) => {
      const { files } = JSON.parse(JSON.stringify(inputs));
      return (Array.isArray(files) ? files : files.value).flatMap(
        ({ path, content }: { path: string; content: string }) =>
          content.includes("CANARY") ? [[path, content]] : [],
      );
    });
    expect(Object.fromEntries(holders)).toEqual({
      "/opt/mattermost/secrets/postgres-password": PASSWORD,
      "/opt/mattermost/secrets/pgpass": `postgres:5432:mattermost:mmuser:${PASSWORD}\n`,
      "/opt/mattermost/admin/password": ADMIN,
    });
  });

  test("says where it is, where tokens are, and what the firewall must let in", async () => {
    const { component } = await create();
    expect(await resolved(component.url)).toBe("http://10.220.1.10:8065");
    expect(await resolved(component.address)).toBe("10.220.1.10");
    expect(await resolved(component.port)).toBe(8065);
    expect(await resolved(component.tokenFiles)).toEqual({
      athena: "/opt/mattermost/tokens/athena",
      apollo: "/opt/mattermost/tokens/apollo",
    });
    expect(component.firewallRules).toEqual([
      { purpose: "SSH", from: "10.220.1.0/24", port: 22 },
      { purpose: "Mattermost", from: "10.220.1.0/24", port: 8065 },
    ]);
  });
});

describe("planMattermost", () => {
  const { connection: _, postgresPassword: _p, ...options } = args;
  const { file } = planMattermost(options);

  test("is hardened, and publishes nothing but Mattermost", () => {
    for (const service of Object.values(file.services))
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        restart: "unless-stopped",
        logging: { driver: "json-file" },
      });
    expect(file.services["postgres"]?.ports).toBeUndefined();
    expect(file.services["postgres"]?.networks).toEqual({ database: {} });
    expect(file.networks).toEqual({ database: { internal: true }, front: {} });
    expect(file.services["mattermost"]?.ports).toEqual([
      { target: 8065, published: "8065", host_ip: "0.0.0.0" },
    ]);
  });

  test("keeps the data below /opt/mattermost/data", () => {
    const mounts = Object.values(file.services).flatMap(({ volumes = [] }) =>
      volumes.flatMap((mount) => (mount.type === "bind" ? [mount.source] : [])),
    );
    expect(mounts.toSorted()).toEqual([
      "./data/bleve-indexes",
      "./data/client-plugins",
      "./data/config",
      "./data/files",
      "./data/logs",
      "./data/plugins",
      "./data/postgres",
      "./run",
    ]);
  });

  test("is read again as it was written", async () => {
    const { resources } = await create();
    const project = resources.find(({ name }) => name === "unit-project-setup");
    const { files } = JSON.parse(JSON.stringify(project?.inputs));
    expect(parseCompose(files.value[0].content)).toEqual(file);
  });

  test("is this compose file", async () => {
    await expect(renderCompose(file)).toMatchFileSnapshot("mattermost-compose.fixture.yaml");
  });

  test("is taken by docker compose, which shows no secret", ({ skip }) => {
    if (noCompose !== undefined) return skip(noCompose);
    const folder = mkdtempSync(join(tmpdir(), "mm-"));
    try {
      mkdirSync(join(folder, "secrets"));
      for (const name of ["pgpass", "postgres-password"])
        writeFileSync(join(folder, "secrets", name), "CANARY-in-a-file");
      writeFileSync(join(folder, "compose.yaml"), renderCompose(file));
      const text = JSON.stringify(composeConfig(folder, ["compose.yaml"]));
      expect(text).toContain("pg_isready");
      expect(text).not.toContain("CANARY");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("fails for an image without a digest, which does not compile", () => {
    // @ts-expect-error
    const unpinned: PinnedImage = "postgres:13";
    expect(() => planMattermost({ ...options, images: { ...images, postgres: unpinned } })).toThrow(
      /services\.postgres\.image/,
    );
  });

  test.each([
    ["the address is none", { address: "r720xd" }, /address is "r720xd"/],
    ["the port is none", { port: 0 }, /port is 0/],
    ["the site's URL is none", { siteUrl: "mattermost" }, /siteUrl is "mattermost"/],
    ["the site's URL is no web address", { siteUrl: "javascript:alert(1)" }, /siteUrl/],
    ["it would be open to everyone", { allowedNetworks: ["0.0.0.0/0"] }, /is everyone/],
    ["it is open to nobody", { allowedNetworks: [] }, /for no network/],
  ])("fails when %s", (_, own, message) => {
    expect(() => planMattermost({ ...options, ...own })).toThrow(message);
  });
});
