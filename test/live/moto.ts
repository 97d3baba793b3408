import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheFolder } from "@groundplane/orchestrator";
import { FILL_LIMIT_MS, fillOnce } from "./fill-once.ts";
import { freePort } from "./free-port.ts";

const VERSION = "5.2.5";
const run = promisify(execFile);

/** Installs moto (Apache-2.0, from PyPI) once into the cache: an emulator of AWS, not AWS. A string says why there is none. */
async function program(): Promise<{ readonly path: string } | string> {
  const folder = join(cacheFolder(), "tools", `moto-${VERSION}`);
  // A virtual environment cannot be moved once made, so it is made in place.
  const failed = await fillOnce(folder, async () => {
    await run("python3", ["-m", "venv", folder]);
    await run(
      join(folder, "bin", "pip"),
      ["install", "--quiet", "--no-input", `moto[server,s3,kms]==${VERSION}`],
      { timeout: FILL_LIMIT_MS },
    );
  });
  return failed === undefined
    ? { path: join(folder, "bin", "moto_server") }
    : `moto cannot be installed: ${failed}`;
}

export interface AwsEmulator {
  readonly endpoint: string;
  /** Variables that lead AWS clients to it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts the emulator on loopback; a string says why there is none. */
export async function startMoto(): Promise<AwsEmulator | string> {
  const found = await program();
  if (typeof found === "string") return found;
  const port = await freePort();
  const server = spawn(found.path, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const exited = new Promise((resolve) => server.once("exit", resolve));
  const endpoint = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const up = await fetch(`${endpoint}/moto-api/`).then(
      () => true,
      () => false,
    );
    if (up) break;
    if (tries > 300 || server.exitCode !== null) throw new TypeError("moto did not start");
    await sleep(100);
  }
  return {
    endpoint,
    env: {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test-secret-key",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: endpoint,
    },
    stop: async () => {
      server.kill("SIGTERM");
      await exited;
    },
  };
}
