import { readFileSync } from "node:fs";
import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { isSecret, type Properties, secretOf } from "@groundplane/provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SandboxFixture } from "../provider/sandbox.fixture.ts";
import { machineCloud } from "./machine-cloud.ts";
import { SETUP } from "./setup.ts";

const CANARY = "canary-5up3r-53cret";
const KEY = "canary-private-key";

let fixture: SandboxFixture;
beforeEach(() => {
  fixture = new SandboxFixture({}, machineCloud);
});
afterEach(() => fixture.dispose());

const connection = (more: Properties = {}): Properties => ({
  ...{ host: "10.220.1.50", user: "agent", privateKey: KEY },
  ...{ hostKey: { trustOnFirstUse: { reason: "made a minute ago" } }, ...more },
});
const inputs = (more: Properties = {}): Properties => ({
  connection: connection(),
  files: [{ path: "/etc/motd", content: "Athena\n" }],
  setup: "true",
  ...more,
});
const hashes = (made: { readonly outputs: Properties }) => made.outputs["fileHashes"];

describe("a machine's setup", () => {
  test("shows a key that is always the host's, and each file's hash", () => {
    const made = fixture.create(SETUP, "motd", inputs());
    expect(made.id).toMatch(/^setup-5a4db0c5/);
    expect(made.outputs).toMatchObject({ healthy: true, problems: [] });
    expect(hashes(made)).toEqual({
      "/etc/motd": "7b63ddecb51e5b797603a9f16695c924b5faab949c77df0b255a1079f90cacce",
    });
    const other = fixture.create(SETUP, "other", inputs({ files: [] }));
    expect(other.outputs["hostKey"]).toBe(made.outputs["hostKey"]);
    expect(made.outputs["hostKey"]).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFpNsM[U-X]/);
    const elsewhere = fixture.create(
      SETUP,
      "elsewhere",
      inputs({ connection: connection({ host: "10.220.1.51" }) }),
    );
    expect(elsewhere.outputs["hostKey"]).not.toBe(made.outputs["hostKey"]);
    const pinned = inputs({ connection: connection({ hostKey: "ssh-ed25519 AAAApinned" }) });
    expect(fixture.create(SETUP, "pinned", pinned).outputs["hostKey"]).toBe("ssh-ed25519 AAAApinned");
  });

  test("keeps keys and secret contents out of its file, and out of the hashes", () => {
    const secret = (content: string) => inputs({ files: [{ path: "/a", content: secretOf(content) }] });
    const made = fixture.create(SETUP, "env", secret(CANARY));
    expect(isSecret((made.inputs["connection"] as Properties)["privateKey"])).toBe(true);
    for (const suffix of ["", "-wal"]) {
      const bytes = readFileSync(`${fixture.store.path}${suffix}`);
      expect(bytes.includes(CANARY)).toBe(false);
      expect(bytes.includes(KEY)).toBe(false);
    }
    const plain = fixture.create(SETUP, "plain", inputs({ files: [{ path: "/a", content: CANARY }] }));
    expect(hashes(made)).not.toEqual(hashes(plain));
    expect(hashes(fixture.create(SETUP, "same", secret(CANARY)))).toEqual(hashes(made));
    const list = inputs({ files: secretOf([{ path: "/a", content: CANARY }]) });
    expect(hashes(fixture.create(SETUP, "list", list))).toEqual(hashes(made));
  });

  test("is replaced with its host, and updated with everything else", () => {
    const made = fixture.create(SETUP, "motd", inputs());
    const diff = (more: Properties) =>
      fixture.diff(SETUP, "motd", made, inputs(more)).diffs.map(({ path, replaces }) => [path, replaces]);
    expect(diff({})).toEqual([]);
    expect(diff({ connection: connection({ host: "10.220.1.51" }) })).toEqual([["connection.host", true]]);
    expect(diff({ connection: connection({ user: "root", privateKey: "new" }) })).toEqual([
      ["connection.privateKey", false],
      ["connection.user", false],
    ]);
    expect(diff({ setup: "false", triggers: { a: "1" } }).map(([, replaces]) => replaces)).toEqual([
      false,
      false,
    ]);
    expect(diff({ files: [{ path: "/etc/motd", content: "Apollo\n" }] })).toEqual([
      ["files[0].content", false],
      ["fileHashes", false],
    ]);
  });

  test("that drifted on the machine is due for an update, which mends it", () => {
    const made = fixture.create(SETUP, "motd", inputs());
    fixture.store.set(made.id, "healthy", false);
    fixture.store.set(made.id, 'fileHashes["/etc/motd"]', "0000");
    const subject = { urn: fixture.urn(SETUP, "motd"), id: made.id };
    const seen = fixture.provider.read(subject, made.outputs, made.inputs);
    expect(seen.outputs).toMatchObject({ healthy: false, fileHashes: { "/etc/motd": "0000" } });
    const drifted = { ...made, outputs: seen.outputs };
    expect(fixture.diff(SETUP, "motd", drifted, inputs()).diffs.map(({ path }) => path)).toEqual([
      "fileHashes",
      "healthy",
    ]);
    const mended = fixture.update(SETUP, "motd", drifted, inputs());
    expect(mended.outputs).toEqual(made.outputs);
  });

  test("knows in a preview what it can know", () => {
    const preview = (files: Properties["x"]) => {
      const { inputs: checked } = fixture.check(SETUP, "motd", inputs({ files: files ?? [] }));
      return fixture.provider.create(fixture.urn(SETUP, "motd"), checked, true).outputs;
    };
    expect(preview([{ path: "/a", content: UNKNOWN_TEXT }])).toMatchObject({
      ...{ hostKey: UNKNOWN_TEXT, healthy: UNKNOWN_TEXT, fileHashes: { "/a": UNKNOWN_TEXT } },
    });
    expect(preview([{ path: UNKNOWN_TEXT, content: "" }])["fileHashes"]).toBe(UNKNOWN_TEXT);
  });

  test.each([
    [[{ path: "etc/motd", content: "" }], "files[0].path"],
    [
      [
        { path: "/a", content: "" },
        { path: "/a", content: "" },
      ],
      "files[1].path",
    ],
    [[{ path: "/a", content: "", mode: "rw" }], "files[0].mode"],
  ])("fails when %j", (files, property) => {
    expect(fixture.problems(SETUP, inputs({ files }))).toMatchObject([{ property }]);
  });
});
