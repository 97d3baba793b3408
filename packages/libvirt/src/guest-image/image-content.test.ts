import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bootstrapArguments, EARLY_FILES, FILES } from "./image-content.ts";

const plain = { suite: "bookworm", mirrors: [], packages: [] } as const;
const included = (args: readonly string[]): readonly string[] =>
  args
    .find((arg) => arg.startsWith("--include="))
    ?.slice("--include=".length)
    .split(",") ?? [];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "groundplane-content-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("what an image is made of", () => {
  test("is the suite from its own archive", () => {
    const args = bootstrapArguments(plain, "/srv/root");
    expect(args.slice(-2)).toEqual(["bookworm", "/srv/root"]);
    expect(included(args)).toEqual(expect.arrayContaining(["cloud-init", "linux-image-cloud-amd64"]));
  });

  test("is Ubuntu's kernel in Ubuntu, more packages, and other archives in their order", () => {
    const mirrors = ["http://a.example/ubuntu", "deb http://b.example/ubuntu jammy-security main"];
    const args = bootstrapArguments({ suite: "jammy", mirrors, packages: ["curl"] }, "/srv/root");
    expect(args.slice(-4)).toEqual(["jammy", "/srv/root", ...mirrors]);
    expect(included(args)).toEqual(expect.arrayContaining(["linux-image-virtual", "curl"]));
    expect(included(args)).not.toContain("systemd-resolved");
  });

  test("is each file as it is, by hooks of a shell", () => {
    for (const arg of bootstrapArguments(plain, root)) {
      const [, hook] = /^--(?:essential|customize)-hook=(.*)$/s.exec(arg) ?? [];
      if (hook !== undefined) execFileSync("sh", ["-c", hook, "sh", root]);
    }
    for (const { path, content, mode = 0o644 } of [...EARLY_FILES, ...FILES]) {
      expect(readFileSync(join(root, path), "utf8")).toBe(content);
      expect(statSync(join(root, path)).mode & 0o777).toBe(mode);
    }
  });

  test("is what a program with any name leaves, and not the program", () => {
    const customize = join(root, "it's $(a) program");
    const hooks = bootstrapArguments({ ...plain, customize }, root).filter((arg) =>
      arg.includes("groundplane-customize"),
    );
    execFileSync("sh", ["-c", 'printf "#!/bin/sh\\n" >"$1"; chmod +x "$1"', "sh", customize]);
    mkdirSync(join(root, "run"));
    const run = (hook = "") =>
      execFileSync("sh", [
        "-c",
        `chroot() { "$1$2"; }; ${hook.replace("--customize-hook=", "")}`,
        "sh",
        root,
      ]);
    expect(hooks).toHaveLength(3);
    run(hooks[0]);
    run(hooks[1]);
    expect(readFileSync(join(root, "run/groundplane-customize"), "utf8")).toBe("#!/bin/sh\n");
    run(hooks[2]);
    expect(() => statSync(join(root, "run/groundplane-customize"))).toThrow("ENOENT");
  });
});
