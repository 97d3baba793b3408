import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { LeaseKeeper, S3LeaseStore, type S3Place } from "@groundplane/orchestrator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leaseProcessesTest, leaseStoreSuite } from "../conformance/lease-store.suite.ts";
import { TestProject } from "../project.ts";
import { startMoto } from "./moto.ts";
import { startS3Server } from "./versitygw.ts";

const BUCKET = "team-state";
const base = { stack: "base", environment: "dev", requester: "ann" };

// Not AWS and no server to keep anything in: an emulator. Of what can be had everywhere, it is what honours both
// conditions of a write; versitygw v1.0.14, a real server, ignores them, which the last test is about.
const emulator = await startMoto();
const real = await startS3Server(BUCKET);
const env = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test-secret-key", AWS_REGION: "us-east-1" };

beforeAll(async () => {
  Object.assign(process.env, env);
  if (typeof emulator !== "string") await fetch(`${emulator.endpoint}/${BUCKET}`, { method: "PUT" });
});
afterAll(async () => {
  for (const name of Object.keys(env)) delete process.env[name];
  if (typeof emulator !== "string") await emulator.stop();
  if (typeof real !== "string") await real.stop();
});

const placeOn = (server: { readonly endpoint: string }, prefix: string): S3Place => ({
  bucket: BUCKET,
  region: "us-east-1",
  prefix,
  endpoint: server.endpoint,
});

test("the servers are there", (context) => {
  for (const server of [emulator, real]) if (typeof server === "string") context.skip(server);
});

describe.skipIf(typeof emulator === "string")("leases in S3 (an emulator's)", () => {
  const server = typeof emulator === "string" ? { endpoint: "" } : emulator;
  const objects = (prefix: string) => ({
    list: async () =>
      [
        ...(await (await fetch(`${server.endpoint}/${BUCKET}?list-type=2&prefix=${prefix}`)).text()).matchAll(
          /<Key>([^<]*)<\/Key>/g,
        ),
      ].map(([, key]) => key),
    put: (key: string, body: string) =>
      fetch(`${server.endpoint}/${BUCKET}/${prefix}${key}`, { method: "PUT", body }),
  });

  leaseStoreSuite(() => new S3LeaseStore(placeOn(server, "suite")));
  leaseProcessesTest(
    () => `new sdk.S3LeaseStore(${JSON.stringify(placeOn(server, "race"))})`,
    5,
    () => ({ ...process.env, ...env }),
  );

  test.skipIf(process.platform !== "linux")("that of a killed process passes on at once", async () => {
    const program = `
      import * as sdk from "@groundplane/orchestrator";
      const keeper = new sdk.LeaseKeeper(new sdk.S3LeaseStore(${JSON.stringify(placeOn(server, "killed"))}));
      const lease = await keeper.acquire({ key: "net/dev", name: "killed", ttlMs: 3_600_000 });
      process.stdout.write(String(lease.fence));
      setInterval(() => {}, 1000);`;
    const child = spawn(
      process.execPath,
      ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", program],
      { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } },
    );
    const [fence] = await once(child.stdout, "data");
    const keeper = new LeaseKeeper(new S3LeaseStore(placeOn(server, "killed")));
    const ask = () => keeper.acquire({ key: "net/dev", name: "next", ttlMs: 3_600_000 });
    expect(await ask()).toMatchObject({
      position: 1,
      holder: { name: "killed", process: { pid: child.pid } },
    });
    child.kill("SIGKILL");
    await once(child, "close");
    expect(await ask()).toMatchObject({ name: "next", fence: Number(fence) + 1 });
    keeper.close();
  });

  test("a stack's lease lies beside its state, and unlock clears what a dead engine left there", async () => {
    const backend = `{ type: "s3", bucket: "${BUCKET}", region: "us-east-1", prefix: "shop", endpoint: "${server.endpoint}" }`;
    const project = await TestProject.create([{ name: "dev", more: `backend: ${backend},` }]);
    const shop = objects("shop/");
    const lock = (pid: number, host: string): Promise<unknown> =>
      shop.put(
        ".pulumi/locks/organization/base/dev/0.json",
        JSON.stringify({ pid, username: "ann", hostname: host, timestamp: "2026-11-21T00:00:00Z" }),
      );
    try {
      await project.use(async (orchestrator) => {
        const applied = await orchestrator.deploy(base);
        expect([applied.outcome, applied.fence, applied.reason?.message]).toEqual(["applied", 1, undefined]);
        const keys = await shop.list();
        expect(keys).toContain("shop/.pulumi/stacks/base/dev.json");
        // The probe took itself away.
        expect(keys.filter((key) => key?.includes(".groundplane"))).toEqual([
          "shop/.groundplane/leases/base/dev.json",
        ]);

        const gone = spawn(process.execPath, ["-e", ""]);
        await once(gone, "close");
        // Whoever is the only writer clears a dead engine's lock, or asks for it to be cleared.
        await lock(gone.pid ?? 0, hostname());
        await project.configure("dev", { owner: "others" });
        expect(await orchestrator.deploy(base)).toMatchObject({ outcome: "applied", fence: 2 });
        expect(await orchestrator.unlock(base)).toEqual([]);
        await lock(gone.pid ?? 0, hostname());
        expect(await orchestrator.unlock(base)).toMatchObject([{ pid: gone.pid, holder: "gone" }]);
        expect(await orchestrator.unlock(base)).toEqual([]);
        await lock(1, "another-host");
        await expect(orchestrator.unlock(base)).rejects.toMatchObject({
          code: "STACK_BUSY",
          facts: { hostname: "another-host" },
        });
        await shop.put(".pulumi/locks/organization/base/dev/broken.json", "{");
        await expect(orchestrator.unlock(base)).rejects.toMatchObject({ code: "STATE_UNREADABLE" });
        expect(await shop.list()).toContain("shop/.pulumi/locks/organization/base/dev/broken.json");
      });
    } finally {
      await project.remove();
    }
  });
});

test.skipIf(typeof real === "string")(
  "a server that ignores conditions is refused, and nothing was changed",
  async () => {
    if (typeof real === "string") return;
    const backend = `{ type: "s3", bucket: "${BUCKET}", region: "us-east-1", endpoint: "${real.endpoint}" }`;
    const project = await TestProject.create([{ name: "dev", more: `backend: ${backend},` }]);
    try {
      await project.use(async (orchestrator) => {
        const refused = await orchestrator.deploy(base);
        expect([refused.state, refused.outcome, refused.reason?.code]).toEqual([
          "DONE",
          "failed",
          "LEASE_UNAVAILABLE",
        ]);
        expect(refused.reason?.message).toContain(
          "overwrites an object although it was told If-None-Match: *",
        );
        expect(refused.reason?.message).toContain("AWS S3");
        const left = await readdir(join(real.root, BUCKET), { recursive: true, withFileTypes: true });
        expect(left.filter((entry) => entry.isFile())).toEqual([]);
      });
    } finally {
      await project.remove();
    }
  },
);

test("fails when the server does not answer, in bounded time", async () => {
  const keeper = new LeaseKeeper(new S3LeaseStore(placeOn({ endpoint: "http://127.0.0.1:9" }, "none")));
  await expect(keeper.acquire({ key: "net/dev", name: "a", ttlMs: 60_000 })).rejects.toMatchObject({
    code: "LEASE_UNAVAILABLE",
    message: expect.stringContaining("nothing was changed"),
  });
  keeper.close();
}, 60_000);
