import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestHost } from "../run-script.fixture.ts";
import { type FetchPlan, fetchedScript, fetchScript } from "./fetch-script.ts";

const image = randomBytes(200_000);
const sha256 = createHash("sha256").update(image).digest("hex");
const volumeName = `base-${sha256}.qcow2`;

/** Serves the image, and parts of it; `cut` ends each answer after so many bytes. */
class ImageServer {
  readonly ranges: (string | undefined)[] = [];
  cut = Number.POSITIVE_INFINITY;
  status = 200;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const { range } = request.headers;
      this.ranges.push(range);
      const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
      if (this.status !== 200) return response.writeHead(this.status).end();
      if (from >= image.length) return response.writeHead(416).end();
      const rest = image.subarray(from);
      response.writeHead(range === undefined ? 200 : 206, {
        "content-length": rest.length,
        ...(range !== undefined && { "content-range": `bytes ${from}-${image.length - 1}/${image.length}` }),
      });
      if (this.cut >= rest.length) return response.end(rest);
      return response.write(rest.subarray(0, this.cut), () => response.destroy());
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}/image`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const VIRSH = `shift 3
case "$1 $2" in
  "pool-dumpxml default") echo "<pool><target><path>$host/pool</path></target></pool>" ;;
  "pool-refresh default") echo refreshed >>"$host/log" ;;
  *) echo "error: no pool" >&2; exit 1 ;;
esac`;

describe("fetching an image on a host", () => {
  let host: TestHost;
  let server: ImageServer;
  let plan: FetchPlan;
  beforeEach(async () => {
    host = new TestHost({ virsh: VIRSH });
    mkdirSync(join(host.folder, "pool"));
    server = new ImageServer();
    plan = { url: await server.start(), sha256, volumeName, poolName: "default" };
  });
  afterEach(() => {
    server.stop();
    host.remove();
  });
  const pool = () => readdirSync(join(host.folder, "pool"));
  const path = (name: string) => join(host.folder, "pool", name);
  /** No second attempt: a test need not wait for it. */
  const script = () => fetchScript(plan).replace("--retry 5", "--retry 0");

  test("puts it into the pool under its name, and shows it to libvirt", async () => {
    expect(await host.run(script())).toMatchObject({ code: 0, stderr: "" });
    expect(pool()).toEqual([volumeName]);
    expect(readFileSync(path(volumeName)).equals(image)).toBe(true);
    expect(readFileSync(join(host.folder, "log"), "utf8")).toBe("refreshed\n");
    expect(await host.run(fetchedScript(plan))).toMatchObject({ code: 0 });
  });

  test("asks for nothing when it is there", async () => {
    await host.run(script());
    await host.run(script());
    expect(server.ranges).toEqual([undefined]);
  });

  test("goes on where a broken transfer ended", async () => {
    server.cut = 120_000;
    const first = await host.run(script());
    expect(first.code).toBe(1);
    expect(first.stderr).toContain("what came is kept, and the next run goes on from there");
    expect(pool().filter((name) => name === volumeName)).toEqual([]);
    server.cut = Number.POSITIVE_INFINITY;
    expect(await host.run(script())).toMatchObject({ code: 0 });
    expect(server.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readFileSync(path(volumeName)).equals(image)).toBe(true);
    expect(pool()).toEqual([volumeName]);
  });

  test("asks for nothing when what came is whole already", async () => {
    writeFileSync(path(`.${volumeName}.part`), image);
    expect(await host.run(script())).toMatchObject({ code: 0 });
    expect(server.ranges).toEqual([]);
    expect(pool()).toEqual([volumeName]);
  });

  test("fetches it once for two that ask at once", async () => {
    const results = await Promise.all([host.run(script()), host.run(script())]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(server.ranges).toEqual([undefined]);
  });

  test("fails when the content is another, and keeps nothing of it", async () => {
    const wanted = "0".repeat(64);
    plan = { ...plan, sha256: wanted, volumeName: `base-${wanted}.qcow2` };
    const { code, stderr } = await host.run(script());
    expect(code).toBe(1);
    expect(stderr).toContain(`has the SHA-256 ${sha256}, and not ${wanted}`);
    expect(pool().filter((name) => !name.endsWith(".lock"))).toEqual([]);
  });

  test("fails when the server has it not", async () => {
    server.status = 404;
    const { code, stderr } = await host.run(script());
    expect(code).toBe(1);
    expect(stderr).toContain("could not be fetched (curl's exit code 22)");
    expect(existsSync(path(volumeName))).toBe(false);
  });

  test("fails when something else has its name, and leaves that", async () => {
    writeFileSync(path(volumeName), "a clone may stand on this");
    const { code, stderr } = await host.run(script());
    expect(code).toBe(1);
    expect(stderr).toContain("is there with another content than its name says");
    expect(readFileSync(path(volumeName), "utf8")).toBe("a clone may stand on this");
  });

  test("fails when the pool is not there", async () => {
    const { code, stderr } = await host.run(fetchScript({ ...plan, poolName: "none" }));
    expect(code).toBe(1);
    expect(stderr).toContain("the pool none has no folder on this host");
  });

  test("sees that it is gone", async () => {
    const { code, stderr } = await host.run(fetchedScript(plan));
    expect(code).toBe(1);
    expect(stderr).toContain("is no longer in the pool default");
  });
});
