import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { type Properties, secretOf } from "@groundplane/provider";
import { expect, test } from "vitest";
import { SetupProvider } from "./setup-provider.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const connection = { host: "a", user: "root", privateKey: secretOf("PRIVATE KEY"), hostKey };
const first = (machineId: string): Properties => ({
  ...connection,
  hostKey: { trustOnFirstUse: { reason: "it is new", machineId } },
});
const files = [
  { path: "/a", content: "a" },
  { path: "/b", content: secretOf("a") },
];
const plain = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
const provider = new SetupProvider();

test("a preview says what will be, as far as it is known, and no hash of a secret", () => {
  const planned = provider.planned({ connection, files });
  expect(planned).toEqual({
    ...{ hostKey, healthy: true, problems: [] },
    fileHashes: { "/a": plain, "/b": expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect(planned["fileHashes"]).not.toHaveProperty("/b", plain);
});

test.each<[string, Properties]>([
  ["a content", { connection, files: [{ path: "/a", content: UNKNOWN_TEXT }] }],
  ["the key", { connection: { ...connection, privateKey: UNKNOWN_TEXT }, files }],
  ["everything", { connection: UNKNOWN_TEXT, files: UNKNOWN_TEXT, triggers: UNKNOWN_TEXT }],
])("hashes are unknown where %s is", (_, inputs) => {
  expect(provider.planned(inputs)["fileHashes"]).toBe(UNKNOWN_TEXT);
});

test("the key of the first use is known from then on, until another machine is named", () => {
  const held = { inputs: { connection: first("1") }, outputs: { hostKey } };
  expect(provider.planned({ connection: first("1") })["hostKey"]).toBe(UNKNOWN_TEXT);
  expect(provider.planned({ connection: first("1") }, held)["hostKey"]).toBe(hostKey);
  expect(provider.planned({ connection: first("2") }, held)["hostKey"]).toBe(UNKNOWN_TEXT);
});
