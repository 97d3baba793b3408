import { describe, expect, test } from "vitest";
import { findSandboxMarks, isSandboxId, mintId, mintUuid } from "./marks.ts";

describe("the sandbox's marks", () => {
  test("are on every id that it makes", () => {
    for (const id of [
      mintId("vpc"),
      mintId("vpc-cidr-assoc"),
      mintUuid(),
      `/var/lib/libvirt/images/c.iso;${mintUuid()}`,
      "arn:aws:kms:eu-west-1:000000000000:key/x",
    ])
      expect(isSandboxId(id), id).toBe(true);
  });

  test.each([
    "vpc-0a1b2c3d4e5f60718",
    "arn:aws:iam::123456789012:role/x",
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "5a4db0c5",
    "vpc-5a4db0c5",
    "/var/lib/libvirt/images/c.iso;5d48ff09-3e1a-4c2b-8d6e-0123456789ab",
    "5d48ff09-3e1a-4c2b-8d6e-0123456789ab",
    "",
  ])("are not on %j", (id) => expect(isSandboxId(id)).toBe(false));

  test("are found anywhere in a state's JSON, each once", () => {
    const id = mintId("subnet");
    const key = mintUuid();
    const arn = "arn:aws:iam::000000000000:role/app";
    const state = {
      a: id,
      b: [id, `ids: ${key}`],
      policy: JSON.stringify({ Resource: arn }),
      dns: "x.eu-west-1.sandbox.invalid",
    };
    expect(findSandboxMarks(JSON.stringify(state))).toEqual([id, key, arn, "x.eu-west-1.sandbox.invalid"]);
    expect(findSandboxMarks('{"outputs":{"__sandbox":"0123"}}')).toEqual(["__sandbox"]);
    const disk = { id: `/images/c.iso;${key}`, outputs: { cloudinit: `/images/c.iso;${key}` } };
    expect(findSandboxMarks(JSON.stringify(disk))).toEqual([key]);
    expect(findSandboxMarks('{"id":"vpc-0a1b2c3d4e5f60718","arn":"arn:aws:s3:::bucket"}')).toEqual([]);
  });
});
