import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { hostKeyOf } from "./known-hosts.ts";

const hashed = (name: string): string => {
  const salt = Buffer.from("a salt of twenty byte");
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
};
const FILE = `# the rack
10.220.1.7,r420 ssh-rsa AAAAR420 a comment
10.220.1.7 ssh-ed25519 AAAAED420
[10.220.1.8]:2222 ssh-ed25519 AAAA8202
${hashed("10.220.1.9")} ecdsa-sha2-nistp256 AAAA710
@revoked 10.220.1.10 ssh-ed25519 AAAAREVOKED
@cert-authority * ssh-ed25519 AAAACA
broken
`;

test.each([
  ["10.220.1.7", undefined, "ssh-ed25519 AAAAED420"],
  ["10.220.1.7", 22, "ssh-ed25519 AAAAED420"],
  ["r420", undefined, "ssh-rsa AAAAR420"],
  ["10.220.1.8", 2222, "ssh-ed25519 AAAA8202"],
  ["10.220.1.8", undefined, undefined],
  ["10.220.1.7", 2222, undefined],
  ["10.220.1.9", undefined, "ecdsa-sha2-nistp256 AAAA710"],
  ["10.220.1.10", undefined, undefined],
  ["broken", undefined, undefined],
])("finds the key of %s, port %s: %s", (host, port, key) => {
  expect(hostKeyOf(FILE, host, port)).toBe(key);
});
