import { describe, expect, test } from "vitest";
import { type BuildMachine, checkBuildMachine } from "./required-programs.ts";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const files = [
  ...["/usr/bin/mmdebstrap", "/usr/bin/qemu-img", "/usr/bin/unshare", "/usr/bin/setpriv"],
  ...["/usr/sbin/mke2fs", "/usr/sbin/chroot", keyring],
];
const without = (...missing: readonly string[]) => ({
  has: (file: string) => files.includes(file) && !missing.includes(file),
});
const check = (machine: Partial<BuildMachine>, mirrors: readonly string[] = []) =>
  checkBuildMachine("bookworm", mirrors, {
    ...{ platform: "linux", arch: "x64", uid: 0, env: { PATH: "/bin:/usr/bin" } },
    ...without(),
    ...machine,
  });

describe("a machine that would build an image", () => {
  test("needs a few programs, which a user's own path may lack", () => {
    expect(() => check({})).not.toThrow();
  });

  test.each<[Partial<BuildMachine>, string]>([
    [{ platform: "darwin" }, "this machine is darwin on x64"],
    [{ arch: "arm64" }, "this machine is linux on arm64"],
    [{ uid: 1000 }, "run groundplane-image as root"],
    [
      without("/usr/bin/mmdebstrap", "/usr/bin/qemu-img"),
      "not installed: mmdebstrap (mmdebstrap), qemu-img (qemu-utils);",
    ],
    [{ env: {} }, "mmdebstrap (mmdebstrap)"],
    [without(keyring), `not installed: ${keyring} (debian-archive-keyring);`],
  ])("is refused when it is %o", (machine, message) => {
    expect(() => check(machine)).toThrow(expect.objectContaining({ code: "PREFLIGHT_FAILED" }));
    expect(() => check(machine)).toThrow(message);
  });

  test("needs no keys of the archive where a mirror's line names its own", () => {
    const line = "deb [signed-by=/etc/keys/mirror.gpg] http://mirror.example/debian bookworm main";
    expect(() => check(without(keyring), [line])).not.toThrow();
    expect(() => check(without(keyring), ["http://mirror.example/debian"])).toThrow(keyring);
  });
});
