import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Makes a pair of keys for SSH, without a passphrase: the private one in this file, the other beside it in `.pub`. */
export function newKey(file: string): { readonly secret: string; readonly open: string } {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file]);
  return { secret: readFileSync(file, "utf8"), open: readFileSync(`${file}.pub`, "utf8").trim() };
}
