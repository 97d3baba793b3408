import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { secretOf } from "@groundplane/provider";
import { afterAll, describe, expect, test } from "vitest";
import { SandboxFixture } from "./sandbox.fixture.ts";

const fixture = new SandboxFixture({
  region: "eu-west-1",
  defaultTags: '{"tags":{"Project":"ground","Owner":"all"}}',
});
afterAll(() => fixture.dispose());

const VPC = "aws:ec2/vpc:Vpc";
const one = (type: string, inputs: Parameters<typeof fixture.problems>[1]) =>
  fixture.problems(type, inputs)[0];

describe("check", () => {
  test("fails when a property is unknown, and names the one that was meant", () => {
    expect(one(VPC, { cidrBlok: "10.0.0.0/16" })).toEqual({
      property: "cidrBlok",
      reason: `${VPC} has no property "cidrBlok". Did you mean "cidrBlock"?`,
    });
  });

  test("fails when a required property is missing", () => {
    expect(one("aws:ec2/subnet:Subnet", { cidrBlock: "10.0.0.0/24" })?.reason).toContain('needs "vpcId"');
  });

  test("fails when a type is wrong, deep inside too", () => {
    expect(one(VPC, { cidrBlock: "10.0.0.0/16", enableDnsSupport: "maybe" })?.reason).toBe(
      '"maybe" is not true or false',
    );
    const problem = one("aws:ec2/securityGroup:SecurityGroup", {
      ingress: [{ protocol: "tcp", fromPort: "https", toPort: 443 }],
    });
    expect(problem).toEqual({ property: "ingress[0].fromPort", reason: '"https" is not a number' });
  });

  test("fails when a closed enum has another value", () => {
    const problem = fixture.problems("aws:rds/proxy:Proxy", { engineFamily: 3 });
    expect(problem.length).toBeGreaterThan(0);
  });

  test("never repeats a secret", () => {
    const problem = one(VPC, { cidrBlock: "10.0.0.0/16", enableDnsSupport: secretOf("sesame") });
    expect(problem?.reason).toBe("the secret value is not true or false");
  });

  test("takes unknown values anywhere", () => {
    expect(
      fixture.problems("aws:ec2/subnet:Subnet", {
        vpcId: UNKNOWN_TEXT,
        cidrBlock: UNKNOWN_TEXT,
        tags: UNKNOWN_TEXT,
      }),
    ).toEqual([]);
  });

  test("fails when a type is not the SDK's", () => {
    expect(() => fixture.check("aws:ec2/vpcc:Vpcc", "x", {})).toThrow(/Did you mean "aws:ec2\/vpc:Vpc"/);
  });

  test("lays default tags below the resource's own, and not on what has no tags", () => {
    const { inputs } = fixture.check(VPC, "main", { cidrBlock: "10.0.0.0/16", tags: { Owner: "me" } });
    expect(inputs["tags"]).toEqual({ Project: "ground", Owner: "me" });
    const route = { routeTableId: UNKNOWN_TEXT, gatewayId: UNKNOWN_TEXT, destinationCidrBlock: "0.0.0.0/0" };
    expect(fixture.check("aws:ec2/route:Route", "r", route).inputs["tags"]).toBeUndefined();
    const secret = fixture.check(VPC, "main", { cidrBlock: "10.0.0.0/16", tags: secretOf({ Owner: "me" }) });
    expect(secret.inputs["tags"]).toEqual(secretOf({ Project: "ground", Owner: "me" }));
  });

  test("makes up a name from the engine's seed, keeps it, and leaves a given one alone", () => {
    const type = "aws:cloudwatch/logGroup:LogGroup";
    const first = fixture.check(type, "app", {}).inputs;
    expect(first["name"]).toMatch(/^app-[0-9a-f]{7}$/);
    expect(fixture.check(type, "app", {}).inputs["name"]).toBe(first["name"]);
    const other = fixture.provider.check({
      ...{ urn: fixture.urn(type, "app"), inputs: {}, oldInputs: first, seed: new Uint8Array([9]) },
    });
    expect(other.inputs["name"]).toBe(first["name"]);
    expect(fixture.check(type, "app", { name: "mine" }).inputs["name"]).toBe("mine");
  });

  test("turns a policy given as an object into its text", () => {
    const { inputs } = fixture.check("aws:iam/role:Role", "r", {
      assumeRolePolicy: { Version: "2012-10-17", Statement: [] },
    });
    expect(inputs["assumeRolePolicy"]).toBe('{"Version":"2012-10-17","Statement":[]}');
  });
});
