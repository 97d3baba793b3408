import { spawnSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { service } from "../compose/compose.fixture.ts";
import { composeFile } from "../compose/compose-file.ts";
import { renderCompose } from "../compose/compose-yaml.ts";
import { type HardenedComposeFile, hardenedCompose } from "../compose/hardened-compose.ts";
import { ComposeProject, type ComposeProjectArgs } from "./compose-project.ts";
import { planComposeProject } from "./project-plan.ts";

const { image, healthcheck, deploy } = service;
const bare = { image, user: "1000:1000", networks: { front: {} }, healthcheck, deploy } as const;
const data = (source: string, readOnly = false) =>
  ({
    type: "bind",
    source,
    target: "/data",
    read_only: readOnly,
    bind: { create_host_path: false },
  }) as const;
const plainFile: HardenedComposeFile = hardenedCompose(
  composeFile({ name: "web", services: { web: bare }, networks: { front: {} } }),
);
const secretFile = hardenedCompose(
  composeFile({
    name: "web",
    services: {
      web: { ...bare, volumes: [data("./data/web")], secrets: [{ source: "key" }] },
      db: { ...bare, user: "70:70", volumes: [data("/srv/db")] },
    },
    networks: { front: {} },
    secrets: { key: { file: "./secrets/key" } },
  }),
);

const connection = { host: "10.220.1.10", user: "admin", privateKey: "PRIVATE", hostKey: "ssh-ed25519 AAAA" };
/** The engine's mark of a secret, as the mocks hand it over: on the whole input that has one in it. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const create = (args: Partial<ComposeProjectArgs>) =>
  record(
    (options) => new ComposeProject("unit", { connection, file: plainFile, ...args }, options),
    () => ({
      healthy: true,
    }),
  );

describe("ComposeProject", () => {
  test("is a MachineSetup with the compose file, each secret as a file of its reader, and its scripts", async () => {
    const secret = pulumi.secret("CANARY-1");
    const { resources, outputs } = await create({ file: secretFile, secrets: { key: secret } });
    const plan = planComposeProject({ file: secretFile, secretNames: ["key"] });
    expect(resources.map(({ type, name }) => [type, name])).toEqual([
      ["groundplane:docker:ComposeProject", "unit"],
      ["groundplane-machine:index:Setup", "unit-setup"],
    ]);
    expect(resources[1]?.inputs).toMatchObject({
      connection: { ...SECRET, value: connection },
      files: {
        ...SECRET,
        value: [
          { path: "/opt/web/compose.yaml", content: renderCompose(secretFile) },
          { path: "/opt/web/secrets/key", content: "CANARY-1", mode: "0400", owner: "1000", group: "1000" },
        ],
      },
      setup: plan.setup,
      reset: plan.reset,
      check: plan.check,
      timeoutSeconds: 2100,
    });
    expect(await resolved(pulumi.output(outputs?.["folder"]))).toBe("/opt/web");
  });

  test("shows the pipeline's guard that data goes with it", async () => {
    const triggers = async (own: Partial<ComposeProjectArgs>) =>
      (await create(own)).resources[1]?.inputs["triggers"];
    expect(await triggers({})).toBeUndefined();
    expect(await triggers({ dataGoesWithIt: { reason: "a test" } })).toEqual({ "deletes-data": "a test" });
  });

  test("marks each secret's content as one, however it was given, and has it nowhere else", async () => {
    const { resources } = await create({ file: secretFile, secrets: { key: "CANARY-2" } });
    const { files, ...rest } = resources[1]?.inputs ?? {};
    expect(files).toMatchObject(SECRET);
    expect(JSON.stringify(files).split("CANARY-2")).toHaveLength(2);
    expect(JSON.stringify(rest)).not.toContain("CANARY-2");
  });
});

describe("planComposeProject", () => {
  const plan = (own: Partial<Parameters<typeof planComposeProject>[0]> = {}) =>
    planComposeProject({ file: secretFile, secretNames: ["key"], ...own });

  test("gives each folder that is written to its service's user", () => {
    expect(plan().dataFolders).toEqual([
      { path: "/opt/web/data/web", user: "1000", group: "1000" },
      { path: "/srv/db", user: "70", group: "70" },
    ]);
  });

  test("leaves data where it is, unless a reason is given", () => {
    expect(plan().reset).not.toMatch(/--volumes|rm -rf/);
    const { reset } = plan({ dataGoesWithIt: { reason: "a test" } });
    expect(reset).toContain("down --remove-orphans --timeout 60 --volumes");
    expect(reset).toContain("# The data goes too: a test\nrm -rf /opt/web/data/web\nrm -rf /srv/db\n");
  });

  test("writes scripts that a POSIX shell takes", () => {
    for (const script of [plan().setup, plan({ dataGoesWithIt: { reason: "a test" } }).reset, plan().check])
      expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
  });

  test("fails when a folder that is written to has two users", () => {
    const file = hardenedCompose(
      composeFile({
        name: "web",
        services: {
          a: { ...bare, volumes: [data("./d")] },
          b: { ...bare, user: "5:5", volumes: [data("./d")] },
        },
        networks: { front: {} },
      }),
    );
    expect(() => plan({ file, secretNames: [] })).toThrow(/\/opt\/web\/d as 5:5/);
  });

  test("fails when a secret has two readers, or none", () => {
    const secrets = { key: { file: "./secrets/key" } };
    const reading = { ...bare, secrets: [{ source: "key" }] } as const;
    const services = { a: reading, b: { ...reading, user: "5:5" } } as const;
    const two = hardenedCompose(composeFile({ name: "web", services, networks: { front: {} }, secrets }));
    expect(() => plan({ file: two })).toThrow(/"key" is read by 2 users/);
    const none = hardenedCompose(
      composeFile({ name: "web", services: { a: bare }, networks: { front: {} }, secrets }),
    );
    expect(() => plan({ file: none })).toThrow(/"key" is read by 0 users/);
  });

  test.each([
    ["a secret is not given", { secretNames: [] }, /declares the secret "key"/],
    ["a secret is not declared", { secretNames: ["key", "other"] }, /"other", which the compose file/],
    ["the folder is one of the host's", { folder: "/opt" }, /folder is "\/opt"/],
    ["the folder has a shell's letters", { folder: "/opt/$(x)" }, /folder is/],
    ["the wait is too short", { waitSeconds: 1 }, /waitSeconds is 1/],
    ["the reason has a line break", { dataGoesWithIt: { reason: "a\nrm -rf /" } }, /dataGoesWithIt/],
  ])("fails when %s", (_, own, message) => {
    expect(() => plan(own)).toThrow(message);
  });
});
