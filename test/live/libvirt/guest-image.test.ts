// groundplane-image as a program, against archives that give nothing: what it leaves when it fails, is stopped, or is killed.
// That what it makes starts, guest.test.ts proves.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { IMAGE_PROGRAM, whyNoImage } from "./guest-image.ts";

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gp-image-"));
});
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts it with an archive, and its own folder for temporary files. */
function build(archive: Server): { readonly program: ChildProcess; readonly said: Promise<string> } {
  const { port } = archive.address() as AddressInfo;
  const mirror = `http://127.0.0.1:${port}/debian`;
  const program = spawn(process.execPath, [IMAGE_PROGRAM, "--mirror", mirror, join(folder, "image.qcow2")], {
    env: { ...process.env, TMPDIR: folder, http_proxy: "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (program.stderr === null) throw new TypeError("its errors are not to be had");
  return { program, said: text(program.stderr) };
}

async function listening(archive: Server): Promise<Server> {
  server = archive;
  archive.listen(0, "127.0.0.1");
  await once(archive, "listening");
  return archive;
}

/** Killed at the moment that apt asks for something; done when apt is gone as well. */
async function killed(signal: NodeJS.Signals): Promise<ChildProcess> {
  const archive = await listening(createServer());
  const { program } = build(archive);
  const ended = once(program, "exit");
  const [socket]: readonly Socket[] = await once(archive, "connection");
  if (socket === undefined) throw new TypeError("nobody connected");
  // Without a reader its end is not seen.
  socket.resume().on("error", () => undefined);
  const gone = once(socket, "close");
  program.kill(signal);
  await Promise.all([ended, gone]);
  return program;
}

test("fails when the archive lacks the suite, and leaves the image that was there before", async ({
  skip,
}) => {
  const why = whyNoImage();
  if (why !== undefined) skip(why);
  writeFileSync(join(folder, "image.qcow2"), "yesterday's");
  const archive = createServer((_, response) => response.writeHead(404).end());
  const { program, said } = build(await listening(archive));
  await once(program, "exit");
  expect(program.exitCode).toBe(6);
  expect(await said).toMatch(/^0 s: packages of bookworm\nIMAGE_FAILED: mmdebstrap failed: .*404/s);
  expect(readdirSync(folder)).toEqual(["image.qcow2"]);
  expect(readFileSync(join(folder, "image.qcow2"), "utf8")).toBe("yesterday's");
});

test("leaves nothing when it is stopped, and clears away what was left when it was killed", async ({
  skip,
}) => {
  const why = whyNoImage();
  if (why !== undefined) skip(why);
  const { pid } = await killed("SIGKILL");
  expect(readdirSync(folder)).toEqual([expect.stringMatching(`^groundplane-image-${pid}-`)]);
  const { exitCode } = await killed("SIGTERM");
  expect(exitCode).toBe(6);
  expect(readdirSync(folder)).toEqual([]);
});
