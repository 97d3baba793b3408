import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imageOptions } from "./image-options.ts";

let folder: string;
let file: string;
let program: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "groundplane-options-"));
  file = join(folder, "image.qcow2");
  program = join(folder, "set-up");
  writeFileSync(program, "#!/bin/sh\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("what groundplane-image is asked for", () => {
  test("is Debian 12 when only a file is given", () => {
    expect(imageOptions([file])).toEqual({ file, suite: "bookworm", mirrors: [], packages: [], json: false });
  });

  test("is all that its arguments say", () => {
    chmodSync(program, 0o755);
    const line =
      "deb [check-valid-until=no] https://snapshot.debian.org/archive/debian/20260101T000000Z jammy main";
    const mirrors = ["http://archive.ubuntu.com/ubuntu", line];
    expect(
      imageOptions([
        ...["--suite", "jammy", ...mirrors.flatMap((mirror) => ["--mirror", mirror])],
        ...["--package", "curl", "--package=g++", "--customize", program, "--json", file],
      ]),
    ).toEqual({ file, suite: "jammy", mirrors, packages: ["curl", "g++"], customize: program, json: true });
  });

  test("is help", () => {
    expect(imageOptions(["--help"])).toBeUndefined();
  });

  test.each([
    [[], "give one file to write, and not 0"],
    [["a", "b"], "give one file to write, and not 2"],
    [["/nowhere/image.qcow2"], "there is no such folder"],
    [["/usr"], "that is no file"],
    [["--size", "3", "a"], "'--size'"],
    [["--suite", "toString", "a"], '--suite is "toString"; choose one of bookworm, trixie, jammy'],
    [["--package", "curl,wget", "a"], '--package is "curl,wget"'],
    [["--package", "-o", "a"], "groundplane-image --help"],
    [["--mirror", "ftp://example.com/debian", "a"], '--mirror is "ftp://example.com/debian"'],
    [["--mirror", "--help", "a"], "groundplane-image --help"],
    [["--mirror", "deb http://x/ a main\ndeb http://y/ b main", "a"], "--mirror is"],
    [["--customize", "/nowhere/set-up", "a"], '--customize is "/nowhere/set-up"'],
    [["--customize", "/etc/passwd", "a"], "chmod +x"],
  ])("fails when it is %j", (argv, message) => {
    expect(() => imageOptions(argv)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    expect(() => imageOptions(argv)).toThrow(message);
  });
});
