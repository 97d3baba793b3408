import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { AccountGuardrails } from "./account-guardrails.ts";
import { type AccountGuardrailsArgs, GUARDRAILS } from "./account-guardrails-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const create = (args: Partial<AccountGuardrailsArgs> = {}) =>
  record((options) => new AccountGuardrails("safe", { tags, ...args }, options));
const byRole = async (args: Partial<AccountGuardrailsArgs> = {}) =>
  new Map(
    (await create(args)).resources
      .filter(({ custom }) => custom)
      .map(({ name, inputs }) => [name.replace("safe-", ""), inputs]),
  );

describe("AccountGuardrails", () => {
  test("switches everything on in production", async () => {
    expect(Object.fromEntries(await byRole())).toEqual({
      "public-buckets": {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      "password-policy": {
        allowUsersToChangePassword: true,
        minimumPasswordLength: 14,
        passwordReusePrevention: 24,
        requireLowercaseCharacters: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercaseCharacters: true,
      },
      "ebs-encryption": { enabled: true },
      "public-snapshots": { state: "block-all-sharing" },
      "public-images": { state: "block-new-sharing" },
      "instance-metadata": { httpTokens: "required", httpPutResponseHopLimit: 2 },
      "serial-console": { enabled: false },
      analyzer: { analyzerName: "safe-analyzer", type: "ACCOUNT", tags: { ...tags, Name: "safe-analyzer" } },
      detector: { enable: true, tags: { ...tags, Name: "safe-detector" } },
      "security-hub": { enableDefaultStandards: false, controlFindingGenerator: "SECURITY_CONTROL" },
      "best-practices-standard": {
        standardsArn:
          "arn:aws:securityhub:eu-central-1::standards/aws-foundational-security-best-practices/v/1.0.0",
      },
      "cis-standard": {
        standardsArn: "arn:aws:securityhub:eu-central-1::standards/cis-aws-foundations-benchmark/v/3.0.0",
      },
    });
  });

  test("switches on in each region what is of a region, and once what is of the account", async () => {
    const roles = await byRole({ preset: "dev", regions: ["eu-central-1", "us-east-1"] });
    expect([...roles.keys()].filter((role) => !/-(central|east)-1$/.test(role)).toSorted()).toEqual([
      "password-policy",
      "public-buckets",
    ]);
    expect(roles.get("ebs-encryption-us-east-1")).toEqual({ enabled: true, region: "us-east-1" });
    expect(roles.get("analyzer-eu-central-1")).toMatchObject({ region: "eu-central-1" });
    const hub = await byRole({ regions: ["us-east-1"] });
    expect(hub.get("cis-standard-us-east-1")).toMatchObject({
      region: "us-east-1",
      standardsArn: expect.stringContaining(":us-east-1::"),
    });
  });

  test.each(GUARDRAILS)(
    "leaves %s to somebody else when told why, and says so on what has tags",
    async (name) => {
      const all = await byRole();
      const roles = await byRole({ off: { [name]: { reason: "the organisation does it" } } });
      const gone = [...all.keys()].filter((role) => !roles.has(role));
      expect(gone).toEqual([name === "access-analyzer" ? "analyzer" : name]);
      expect(roles.get("detector")?.["tags"]).toMatchObject({
        [`Opening:no-${name}`]: "the organisation does it",
      });
    },
  );

  test("gives out the account and what watches it, in the order of the regions", async () => {
    const { component } = await create({ regions: ["us-east-1", "eu-central-1"] });
    expect(await resolved(component.accountId)).toBe("123456789012");
    expect(await resolved(component.detectorIds)).toEqual([
      "safe-detector-us-east-1-id",
      "safe-detector-eu-central-1-id",
    ]);
    expect(component.analyzerArns).toHaveLength(2);
  });

  test.each<[Partial<AccountGuardrailsArgs>, string]>([
    [{ regions: [] }, "regions is empty"],
    [{ regions: ["Ireland"] }, 'regions has "Ireland"'],
    [{ regions: ["us-east-1", "us-east-1"] }, "twice"],
    [{ passwordPolicy: { minimumLength: 8 } }, "passwordPolicy.minimumLength is 8"],
    [{ off: { "public-images": { reason: "" } } }, "no reason for no-public-images"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
