import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { Secret } from "./secret.ts";
import type { SecretArgs } from "./secret-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/payment-a1B2c3";
const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1";
const by = {
  functionName: "rotator",
  aliasName: "live",
  aliasArn: "arn:aws:lambda:eu-central-1:123456789012:function:rotator:live",
  roleName: "rotator-role",
};
const create = (args: Partial<SecretArgs>) =>
  record(
    (options) => new Secret("payment", { tags, ...args }, options),
    ({ type }) => (type.endsWith(":Secret") ? { arn: secretArn } : {}),
  );
const inputsOf = async (role: string, args: Partial<SecretArgs>) =>
  (await create(args)).resources.find(({ name }) => name === `payment-${role}`)?.inputs;

describe("Secret", () => {
  test("is a place for a value, protected, and nothing else", async () => {
    const { resources, children } = await create({});
    expect(resources.filter(({ custom }) => custom).map(({ name, inputs }) => [name, inputs])).toEqual([
      ["payment-secret", { recoveryWindowInDays: 30, tags: { ...tags, Name: "payment-secret" } }],
    ]);
    expect(children.map(({ options }) => options.protect)).toEqual([true]);
  });

  test("marks its value as secret, though the output given is not", async () => {
    const { component } = await create({ value: pulumi.output("not marked") });
    const version = component.nodes.version;
    expect(version && (await pulumi.isSecret(version.secretString))).toBe(true);
  });

  test("says nothing of a value that it refuses", async () => {
    // A caller without types.
    const args: Partial<SecretArgs> = JSON.parse('{"value":"hunter2hunter2"}');
    const failure: unknown = await create(args).catch((error: unknown) => error);
    expect(String(failure)).toContain("value is a plain value");
    expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain("hunter2");
  });

  test("is rotated by a function, which may rotate it and no other", async () => {
    const { resources } = await create({ rotation: { by, days: 7 }, kmsKeyArn });
    const inputs = Object.fromEntries(resources.map(({ name, inputs }) => [name, inputs]));
    expect(inputs["payment-rotation"]).toEqual({
      secretId: "payment-secret-id",
      rotationLambdaArn: by.aliasArn,
      rotateImmediately: true,
      rotationRules: { automaticallyAfterDays: 7 },
    });
    expect(inputs["payment-rotation-permission"]).toEqual({
      action: "lambda:InvokeFunction",
      function: "rotator",
      qualifier: "live",
      principal: "secretsmanager.amazonaws.com",
      sourceArn: secretArn,
    });
    expect(inputs["payment-rotation-policy"]?.["role"]).toBe("rotator-role");
    expect(JSON.parse(String(inputs["payment-rotation-policy"]?.["policy"])).Statement).toEqual([
      {
        Sid: "RotateSecret",
        Effect: "Allow",
        Action: [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ],
        Resource: [secretArn],
      },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [kmsKeyArn],
        Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
      },
    ]);
  });

  test("lets others read it, and never the public", async () => {
    const policy = await inputsOf("policy", { readers: ["arn:aws:iam::210987654321:role/reports"] });
    expect(policy).toMatchObject({ secretArn, blockPublicPolicy: true });
    expect(JSON.parse(String(policy?.["policy"])).Statement).toEqual([
      {
        Sid: "Readers",
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::210987654321:role/reports"] },
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [secretArn],
      },
    ]);
  });

  test("is deleted at once only for a reason", async () => {
    expect(await inputsOf("secret", { deleteAtOnce: { reason: "load test" } })).toMatchObject({
      recoveryWindowInDays: 0,
      tags: { "Opening:delete-at-once": "load test" },
    });
  });

  test("gives out rights to it alone, and to its key only for it", async () => {
    const { component } = await create({ kmsKeyArn });
    const key = {
      Resource: [kmsKeyArn],
      Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": secretArn } },
    };
    const statements = async (given: Parameters<typeof policyDocument>[0]) =>
      JSON.parse(await resolved(policyDocument(given))).Statement;
    expect(await statements(component.readStatements())).toEqual([
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [secretArn],
      },
      { Effect: "Allow", Action: ["kms:Decrypt"], ...key },
    ]);
    expect(await statements(component.writeStatements())).toEqual([
      {
        Effect: "Allow",
        Action: ["secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [secretArn],
      },
      { Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], ...key },
    ]);
    expect(await resolved(component.valueFrom())).toBe(secretArn);
    expect(await resolved(component.valueFrom("password"))).toBe(`${secretArn}:password::`);
  });

  test("takes over a secret under its own name", async () => {
    const { resources } = await create({ adopt: { secretArn } });
    expect(resources.find(({ name }) => name === "payment-secret")).toMatchObject({
      importId: secretArn,
      inputs: { name: "shop/payment" },
    });
  });

  test.each<[Partial<SecretArgs>, string]>([
    [{ secretName: "a b" }, 'secretName is "a b"'],
    [{ secretName: "shop-secret" }, "not ending in a dash and six characters"],
    [{ recoveryWindowDays: 0 }, "recoveryWindowDays is 0"],
    [{ rotation: { by, days: 1001 } }, "rotation.days is 1001"],
    [{ rotation: { by }, value: pulumi.secret("x") }, "exclude each other"],
    [{ adopt: { secretArn: "shop/payment" } }, "whole ARN"],
    [{ adopt: { secretArn }, secretName: "shop/other" }, "give the same"],
    [{ deleteAtOnce: { reason: "" } }, "no reason for delete-at-once"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
