import { readFileSync } from "node:fs";
import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { secretOf } from "@groundplane/provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SANDBOX_OUTPUT } from "../marks.ts";
import { SandboxFixture } from "./sandbox.fixture.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const PARAMETER = "aws:ssm/parameter:Parameter";

let fixture: SandboxFixture;
beforeEach(() => {
  fixture = new SandboxFixture();
});
afterEach(() => fixture.dispose());

describe("a preview", () => {
  test("of a create shows known inputs and defaults, and unknown for what the cloud computes", () => {
    const { inputs } = fixture.check(VPC, "main", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    const { outputs } = fixture.provider.create(fixture.urn(VPC, "main"), inputs, true);
    expect(outputs).toMatchObject({
      ...{ cidrBlock: "10.0.0.0/16", enableDnsSupport: true, region: "eu-west-1", tagsAll: { a: "b" } },
      ...{ arn: UNKNOWN_TEXT, defaultSecurityGroupId: UNKNOWN_TEXT },
    });
    expect(fixture.store.list()).toEqual([]);
  });

  test("of an update knows what stays, and not what will be computed anew", () => {
    const made = fixture.create(VPC, "main", { cidrBlock: "10.0.0.0/16" });
    const { inputs } = fixture.check(VPC, "main", {
      cidrBlock: "10.0.0.0/16",
      assignGeneratedIpv6CidrBlock: true,
    });
    const subject = { urn: fixture.urn(VPC, "main"), id: made.id };
    const { outputs } = fixture.provider.update(subject, made.outputs, inputs, true);
    expect(outputs["arn"]).toBe(made.outputs["arn"]);
    expect(outputs["ipv6AssociationId"]).toBe(UNKNOWN_TEXT);
    expect(outputs["tagsAll"]).toEqual({});
  });
});

describe("a diff", () => {
  const diff = (type: string, before: Parameters<typeof fixture.create>[2], after: typeof before) => {
    const made = fixture.create(type, "it", before);
    const { inputs } = fixture.check(type, "it", after, made.inputs);
    return fixture.provider.diff(fixture.urn(type, "it"), made.outputs, made.inputs, inputs);
  };

  test("names each leaf that differs, and replaces where the cloud does", () => {
    const vpc = fixture.create(VPC, "main", { cidrBlock: "10.0.0.0/16" });
    const { diffs } = diff(
      SUBNET,
      { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", tags: { a: "1", b: "2" } },
      { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", tags: { a: "1", c: "3" }, mapPublicIpOnLaunch: true },
    );
    expect(diffs).toEqual([
      { path: "cidrBlock", kind: "update", replaces: true, input: true },
      { path: "mapPublicIpOnLaunch", kind: "add", replaces: false, input: true },
      { path: "tags.b", kind: "delete", replaces: false, input: true },
      { path: "tags.c", kind: "add", replaces: false, input: true },
    ]);
  });

  test("deletes before it replaces where the program chose the name, and not where the name was made up", () => {
    const fixed = diff(
      "aws:iam/role:Role",
      { name: "r", path: "/a/", assumeRolePolicy: '{"Statement":[]}' },
      {
        ...{ name: "r", path: "/b/", assumeRolePolicy: '{"Statement":[]}' },
      },
    );
    expect(fixed.deleteBeforeReplace).toBe(true);
    const free = diff(
      "aws:iam/role:Role",
      { path: "/a/", assumeRolePolicy: '{"Statement":[]}' },
      {
        ...{ path: "/b/", assumeRolePolicy: '{"Statement":[]}' },
      },
    );
    expect(free).toMatchObject({ deleteBeforeReplace: false, diffs: [{ path: "path", replaces: true }] });
  });

  test("takes policies that differ in form only for the same", () => {
    const { diffs } = diff(
      "aws:iam/role:Role",
      { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}' },
      { assumeRolePolicy: '{ "Statement": [], "Version": "2012-10-17" }' },
    );
    expect(diffs).toEqual([]);
  });

  test("leaves alone what the cloud computed when the program says it no more", () => {
    const vpc = fixture.create(VPC, "main", { cidrBlock: "10.0.0.0/16" });
    const { diffs } = diff(
      SUBNET,
      { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", availabilityZone: "eu-west-1b" },
      { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" },
    );
    expect(diffs).toEqual([]);
  });
});

describe("a secret", () => {
  const canary = "canary-5up3r-53cret";
  const made = () => fixture.create(PARAMETER, "p", { type: "SecureString", value: secretOf(canary) });
  const read = (one: ReturnType<typeof made>) =>
    fixture.provider.read({ urn: fixture.urn(PARAMETER, "p"), id: one.id }, one.outputs, one.inputs);

  test("is not in the store's file, and comes back as the engine holds it", () => {
    const one = made();
    for (const suffix of ["", "-wal"])
      expect(readFileSync(`${fixture.store.path}${suffix}`).includes(canary)).toBe(false);
    expect(read(one)).toMatchObject({
      outputs: { value: secretOf(canary) },
      inputs: { value: secretOf(canary) },
    });
  });

  test("that drifts is seen, and is still secret", () => {
    const one = made();
    fixture.store.set(one.id, "value", "else");
    expect(read(one).inputs["value"]).toEqual(secretOf("else"));
  });

  test("stays secret in an output that repeats it", () => {
    const { outputs } = fixture.create("aws:sns/topic:Topic", "t", { name: secretOf("topic-of-canary") });
    expect(JSON.stringify(outputs["arn"])).toContain("topic-of-canary");
    expect(outputs["arn"]).toEqual(secretOf("arn:aws:sns:eu-west-1:000000000000:topic-of-canary"));
  });
});

describe("an update", () => {
  const type = "aws:sns/topic:Topic";
  const named = { name: secretOf("topic-of-canary"), displayName: "a" };

  test.each([true, false])("keeps secret what was secret and is carried over (preview: %s)", (preview) => {
    const made = fixture.create(type, "t", named);
    const { inputs } = fixture.check(type, "t", { ...named, displayName: "b" }, made.inputs);
    const subject = { urn: fixture.urn(type, "t"), id: made.id };
    const { outputs } = fixture.provider.update(subject, made.outputs, inputs, preview);
    expect(outputs["displayName"]).toBe("b");
    expect(outputs["arn"]).toEqual(made.outputs["arn"]);
    const { name: _gone, ...rest } = inputs;
    const bare = fixture.provider.update(subject, made.outputs, rest, preview).outputs;
    expect(bare["name"]).toEqual(secretOf("topic-of-canary"));
    expect(bare["arn"]).toEqual(made.outputs["arn"]);
  });
});

describe("state that is not the sandbox's own", () => {
  const real = {
    cidrBlock: "10.0.0.0/16",
    arn: "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-0a1b2c3d4e5f60718",
  };
  const subject = { urn: "urn:pulumi:test::fixture::aws:ec2/vpc:Vpc::main", id: "vpc-0a1b2c3d4e5f60718" };

  test("fails when it is a real cloud's, whatever the engine asks", () => {
    const { provider } = fixture;
    const refused = /is not of the sandbox/;
    expect(() => provider.read(subject, real, { cidrBlock: "10.0.0.0/16" })).toThrow(refused);
    expect(() => provider.read(subject, {}, undefined)).toThrow(refused);
    expect(() => provider.update(subject, real, real, false)).toThrow(refused);
    expect(() => provider.diff(subject.urn, real, {}, {})).toThrow(refused);
    expect(() => provider.delete(subject, real)).toThrow(refused);
  });

  test("fails when it is another sandbox's", () => {
    const other = { ...real, [SANDBOX_OUTPUT]: "0123456789abcdef" };
    expect(() => fixture.provider.delete(subject, other)).toThrow(/another sandbox \(0123456789abcdef\)/);
  });
});

describe("the store", () => {
  test("says what is gone on refresh, and a delete of it is done already", () => {
    const made = fixture.create(VPC, "main", { cidrBlock: "10.0.0.0/16" });
    fixture.store.remove(made.id);
    const subject = { urn: fixture.urn(VPC, "main"), id: made.id };
    expect(fixture.provider.read(subject, made.outputs, made.inputs).id).toBe("");
    fixture.delete(VPC, "main", made);
    expect(() => fixture.provider.update(subject, made.outputs, made.inputs, false)).toThrow(/NotFound/);
  });

  test("gives back on import what the thing was made from", () => {
    const made = fixture.create(VPC, "main", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    const found = fixture.provider.read({ urn: fixture.urn(VPC, "adopted"), id: made.id }, {}, undefined);
    expect(found.inputs).toMatchObject({ cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    expect(found.outputs).toEqual(made.outputs);
  });

  test("gives back what an interrupted create left, by its id and the inputs that were sent", () => {
    const sent = { cidrBlock: "10.0.0.0/16", tags: { a: "b" } };
    const made = fixture.create(VPC, "main", sent);
    const subject = { urn: fixture.urn(VPC, "main"), id: made.id };
    expect(fixture.provider.read(subject, {}, made.inputs)).toEqual({ ...made, id: made.id });
    const other = fixture.provider.read(subject, {}, { cidrBlock: "10.9.0.0/16" });
    expect(other.inputs).toMatchObject(sent);
    expect(() => fixture.provider.read({ ...subject, id: "vpc-0a1b2c3d4e5f60718" }, {}, sent)).toThrow(
      /is not of the sandbox/,
    );
  });

  test("shows drift in what the program never said", () => {
    const made = fixture.create(VPC, "main", { cidrBlock: "10.0.0.0/16" });
    fixture.store.set(made.id, "tags.Owner", "somebody");
    const subject = { urn: fixture.urn(VPC, "main"), id: made.id };
    const found = fixture.provider.read(subject, made.outputs, made.inputs);
    expect(found.inputs["tags"]).toEqual({ Owner: "somebody" });
    expect(found.outputs["tagsAll"]).toEqual({ Owner: "somebody" });
    const { diffs } = fixture.provider.diff(subject.urn, found.outputs, found.inputs, made.inputs);
    expect(diffs).toEqual([{ path: "tags", kind: "delete", replaces: false, input: true }]);
  });
});
