import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { EncryptionKey } from "./encryption-key.ts";
import type { EncryptionKeyArgs } from "./encryption-key-args.ts";
import type { KeyService } from "./key-service.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const create = (args: Partial<EncryptionKeyArgs>) =>
  record(
    (options) => new EncryptionKey("orders", { tags, ...args }, options),
    ({ type }) =>
      type === "aws:kms/key:Key" ? { arn: "arn:aws:kms:eu-central-1:123456789012:key/1", keyId: "1" } : {},
  );
const inputsOf = async (args: Partial<EncryptionKeyArgs>, role = "key") =>
  (await create(args)).resources.find(({ name }) => name === `orders-${role}`)?.inputs ?? {};
interface Statement {
  readonly Sid: string;
  readonly Principal: unknown;
  readonly Action: readonly string[];
  readonly Condition?: unknown;
}
async function policyOf(args: Partial<EncryptionKeyArgs>): Promise<readonly Statement[]> {
  return JSON.parse(String((await inputsOf(args))["policy"])).Statement;
}
const root = { AWS: "arn:aws:iam::123456789012:root" };

describe("EncryptionKey", () => {
  test("is rotated each year and kept for 30 days after a deletion, when nothing is said", async () => {
    const { policy, ...inputs } = await inputsOf({});
    expect(inputs).toEqual({
      description: "Encrypts what belongs to orders",
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      multiRegion: false,
      deletionWindowInDays: 30,
      tags: { ...tags, Name: "orders-key" },
    });
    expect(await inputsOf({}, "alias")).toEqual({ namePrefix: "alias/orders-", targetKeyId: "1" });
    const { children } = await create({});
    expect(children.map(({ name, options }) => [name, options.protect])).toEqual([
      ["orders-alias", undefined],
      ["orders-key", true],
    ]);
  });

  test("leaves who administers and who uses it to IAM policies, when nothing is said", async () => {
    const statements = await policyOf({});
    expect(statements.map(({ Sid, Principal }) => [Sid, Principal])).toEqual([
      ["Administer", root],
      ["Use", root],
      ["UseThroughServices", root],
    ]);
  });

  test("keeps administering and using apart", async () => {
    const statements = await policyOf({ administrators: ["arn:admin"], users: ["arn:user"] });
    const using = /Encrypt|Decrypt|GenerateDataKey|CreateGrant|Create\*|kms:\*/;
    for (const { Principal, Action } of statements)
      expect(Action.some((action) => using.test(action))).toBe(
        JSON.stringify(Principal) === '{"AWS":["arn:user"]}',
      );
    expect(statements.find(({ Sid }) => Sid === "AdministerAsRootUser")).toMatchObject({
      Principal: root,
      Condition: { StringEquals: { "aws:PrincipalType": "Account" } },
    });
    // IAM policies alone give nothing: the account's ARN stands only where its root user is asked for.
    expect(
      statements.filter(
        ({ Principal, Sid }) =>
          JSON.stringify(Principal) === JSON.stringify(root) && Sid !== "AdministerAsRootUser",
      ),
    ).toEqual([]);
  });

  test.each<[KeyService, unknown, unknown]>([
    [
      "logs",
      { Service: "logs.eu-central-1.amazonaws.com" },
      {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:123456789012:log-group:*",
        },
      },
    ],
    [
      "events",
      { Service: "events.amazonaws.com" },
      { StringEquals: { "aws:SourceAccount": "123456789012" } },
    ],
    [
      "autoscaling",
      {
        AWS: "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
      },
      undefined,
    ],
  ])("lets %s use it for this account only", async (service, principal, condition) => {
    const statement = (await policyOf({ services: [service] })).find(
      ({ Principal }) => JSON.stringify(Principal) === JSON.stringify(principal),
    );
    expect(statement?.Condition).toEqual(condition);
    expect(statement?.Action).toContain("kms:Decrypt");
  });

  test("gives out rights to this key alone", async () => {
    const { component } = await create({});
    const statements = [...component.encryptStatements(), ...component.decryptStatements()];
    expect(JSON.parse(await resolved(policyDocument(statements))).Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: ["arn:aws:kms:eu-central-1:123456789012:key/1"],
      },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:DescribeKey"],
        Resource: ["arn:aws:kms:eu-central-1:123456789012:key/1"],
      },
    ]);
  });

  test("takes over a key as it is", async () => {
    const keyId = "1234abcd-12ab-34cd-56ef-1234567890ab";
    const { resources, children } = await create({ adopt: { keyId } });
    const key = resources.find(({ name }) => name === "orders-key");
    expect(key?.importId).toBe(keyId);
    const ignored = children.find(({ name }) => name === "orders-key")?.options;
    expect(Object.keys(key?.inputs ?? {}).toSorted()).toEqual(
      [...((ignored && "ignoreChanges" in ignored && ignored.ignoreChanges) || [])].toSorted(),
    );
  });

  test.each<[Partial<EncryptionKeyArgs>, string]>([
    [{ aliasName: "orders" }, 'aliasName is "orders"'],
    [{ aliasName: "alias/aws/orders" }, "not beginning with aws/"],
    [{ rotationDays: 30 }, "rotationDays is 30; give a whole number from 90 to 2560"],
    [{ deletionWindowDays: 31 }, "deletionWindowDays is 31"],
    [{ users: [] }, "users is empty"],
    [{ services: ["logs", "logs"] }, 'services lists "logs" twice'],
    [{ adopt: { keyId: "alias/orders" } }, 'adopt.keyId is "alias/orders"'],
    [{ description: "x".repeat(8193) }, "8193 characters"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
