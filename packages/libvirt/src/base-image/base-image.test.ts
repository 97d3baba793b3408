import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { testHost } from "../host.fixture.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import { BaseImage } from "./base-image.ts";
import type { BaseImageArgs } from "./base-image-args.ts";
import { isBaseVolumeName } from "./base-volume-name.ts";
import { verifyFile } from "./verify-file.ts";

const sha256 = createHash("sha256").update("an image").digest("hex");
const url = "https://cloud-images.ubuntu.com/releases/jammy/release/ubuntu-22.04-server-cloudimg-amd64.img";
const create = (args: Partial<BaseImageArgs> = {}, host: Partial<HypervisorRef> = {}) =>
  record(
    (options) =>
      new BaseImage("jammy", { hypervisor: testHost(host), image: { url, sha256 }, ...args }, options),
  );

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "groundplane-image-"));
  file = join(folder, "image.qcow2");
  writeFileSync(file, "an image");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("BaseImage", () => {
  test("is fetched by the host, and then a volume of the same name", async () => {
    const { resources, children, component } = await create({ pool: "fast" });
    expect(resources.map(({ type, name }) => [type, name])).toEqual([
      ["pulumi:providers:libvirt", "host"],
      ["groundplane:libvirt:BaseImage", "jammy"],
      ["groundplane-machine:index:Setup", "jammy-fetch"],
      ["libvirt:index/volume:Volume", "jammy-volume"],
    ]);
    const [, , fetch, volume] = resources;
    expect(fetch?.inputs).toMatchObject({ timeoutSeconds: 3600 });
    expect(String(fetch?.inputs["setup"])).toContain(
      `url='${url}'\nsha256='${sha256}'\nvolume='base-${sha256}.qcow2'\npool='nvme'`,
    );
    expect(volume?.inputs).toEqual({ name: `base-${sha256}.qcow2`, pool: "nvme", format: "qcow2" });
    expect(children.find(({ name }) => name === "jammy-volume")?.options).toMatchObject({
      dependsOn: [component.nodes.fetch],
      ignoreChanges: ["source"],
    });
    expect(isBaseVolumeName(component.volumeName)).toBe(true);
    expect(await resolved(component.volumeId)).toBe("jammy-volume-id");
  });

  test("is uploaded, once its file is known to be right", async () => {
    const { resources } = await create({ image: { file, sha256 }, format: "raw" });
    expect(resources.map(({ name }) => name)).toEqual(["host", "jammy", "jammy-volume"]);
    expect(resources[2]?.inputs).toEqual({
      name: `base-${sha256}.raw`,
      pool: "default",
      format: "raw",
      source: file,
    });
  });

  test("needs no SSH for a file", async () => {
    await expect(create({ image: { file, sha256 } }, { ssh: undefined })).resolves.toBeDefined();
  });

  test.each<[Partial<BaseImageArgs>, Partial<HypervisorRef>, string]>([
    [{ image: { url, sha256: "ABC" } }, {}, 'image.sha256 is "ABC"'],
    [{ image: { url: "ftp://x/y", sha256 } }, {}, 'image.url is "ftp://x/y"'],
    [{ image: { url: "https://x/'$(reboot)'", sha256 } }, {}, "image.url is"],
    [
      {},
      { ssh: undefined },
      "r820 is not reached over SSH, so it cannot fetch an image itself; give image.file",
    ],
    [{ pool: "slow" }, {}, 'r820 has no pool "slow"'],
    [{ timeoutSeconds: 1 }, {}, "timeoutSeconds is 1"],
  ])("refuses %o before anything is made", async (args, host, message) => {
    await expect(create(args, host)).rejects.toThrow(message);
  });
});

describe("a file with its hash", () => {
  test("is read once for all hosts that are given the same object", () => {
    const image = { file, sha256 };
    verifyFile(image);
    writeFileSync(file, "another");
    expect(() => verifyFile(image)).not.toThrow();
    expect(() => verifyFile({ ...image })).toThrow("and not");
    writeFileSync(file, "an image");
  });

  test("fails before anything is made when it holds something else, or is not there", async () => {
    const wanted = "0".repeat(64);
    await expect(create({ image: { file, sha256: wanted } })).rejects.toThrow(
      `has the SHA-256 ${sha256}, and not ${wanted}`,
    );
    const none = { file: join(folder, "none"), sha256 };
    await expect(create({ image: none })).rejects.toThrow("cannot be read: ENOENT");
  });
});
