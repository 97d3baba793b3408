import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheFolder } from "@groundplane/orchestrator";
import { FILL_LIMIT_MS, fillOnce } from "./fill-once.ts";
import { freePort } from "./free-port.ts";

const VERSION = "v1.0.14";
const run = promisify(execFile);

/** Builds the server once into the cache: a real S3 server over a folder (Apache-2.0). A string says why there is none. */
async function program(): Promise<{ readonly path: string } | string> {
  const hasGo = await run("go", ["version"]).then(
    () => true,
    () => false,
  );
  if (!hasGo) return "no Go to build the S3 server with";
  const folder = join(cacheFolder(), "tools", `versitygw-${VERSION}`);
  const failed = await fillOnce(folder, () =>
    run("go", ["install", `github.com/versity/versitygw/cmd/versitygw@${VERSION}`], {
      env: { ...process.env, GOBIN: folder, GOFLAGS: "-trimpath" },
      timeout: FILL_LIMIT_MS,
    }),
  );
  return failed === undefined
    ? { path: join(folder, "versitygw") }
    : `the S3 server cannot be built: ${failed}`;
}

export interface S3Server {
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string>>;
  /** Folder whose sub-folders are the buckets. */
  readonly root: string;
  stop(): Promise<void>;
}

/** Starts a server on loopback with one bucket; a string says why there is none. */
export async function startS3Server(bucket: string): Promise<S3Server | string> {
  const built = await program();
  if (typeof built === "string") return built;
  const root = await mkdtemp(join(tmpdir(), "groundplane-s3-"));
  await mkdir(join(root, bucket));
  const port = await freePort();
  const server = spawn(built.path, ["--port", `127.0.0.1:${port}`, "posix", root], {
    env: { ...process.env, ROOT_ACCESS_KEY: "test", ROOT_SECRET_KEY: "test-secret-key" },
    stdio: "ignore",
  });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const up = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (up) break;
    if (tries > 100 || server.exitCode !== null) throw new TypeError("the S3 server did not start");
    await sleep(100);
  }
  return {
    endpoint,
    root,
    env: { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test-secret-key", AWS_REGION: "us-east-1" },
    stop: async () => {
      server.kill("SIGTERM");
      await rm(root, { recursive: true, force: true });
    },
  };
}
