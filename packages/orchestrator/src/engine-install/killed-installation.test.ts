import { spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { engineFolder, enginesFolder } from "./engine-cache.ts";
import { temporaryFolder, writeFakeEngine } from "./fake-engine.fixture.ts";
import { resolveEngine } from "./resolve-engine.ts";

let root: string;
beforeEach(() => {
  root = temporaryFolder();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const PATH = "/usr/bin:/bin";

/** A process that has put every file of an engine into its draft and is still at it. */
async function startInstallationThatHangs(): Promise<ReturnType<typeof spawn>> {
  const program = `
    import { writeFakeEngine } from ${JSON.stringify(new URL("fake-engine.fixture.ts", import.meta.url).href)};
    import { resolveEngine } from ${JSON.stringify(new URL("resolve-engine.ts", import.meta.url).href)};
    const install = async ({ root }) => {
      writeFakeEngine(root + "/bin");
      process.stdout.write("written");
      await new Promise(() => setInterval(() => undefined, 1000));
    };
    await resolveEngine({ env: { PATH: "${PATH}" }, cache: ${JSON.stringify(root)}, ways: [{ origin: "go-build", install }] });
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  return child;
}

it("a killed installation leaves no engine, and the next one is not held up by it", async () => {
  const child = await startInstallationThatHangs();
  const ended = new Promise((resolve) => child.once("exit", resolve));

  // While it lives another one waits for it.
  const waits: string[] = [];
  const other = resolveEngine({
    env: { PATH },
    cache: root,
    ways: [
      {
        origin: "installer",
        install: async (options) => {
          writeFakeEngine(join(options.root, "bin"));
          return undefined;
        },
      },
    ],
    onProgress: (progress) => waits.push(progress.message),
  });
  await expect.poll(() => waits).toEqual([`another process (${child.pid}) is installing the engine`]);
  await sleep(300);
  expect(existsSync(engineFolder(root))).toBe(false);

  child.kill("SIGKILL");
  await ended;
  expect((await other).origin).toBe("installer");
  expect(readdirSync(enginesFolder(root)).filter((name) => name.startsWith(".draft-"))).toEqual([]);
});
