import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { BreakGlassRole } from "./break-glass-role.ts";
import type { BreakGlassRoleArgs } from "./break-glass-role-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const roleArn = "arn:aws:iam::123456789012:role/glass-role";
const topic = { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" };
const ann = "arn:aws:iam::123456789012:user/ann";
const auditLogs = {
  logGroupName: "audit",
  logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:audit",
};
const create = (args: Partial<BreakGlassRoleArgs> = {}) =>
  record(
    (options) => new BreakGlassRole("glass", { principalArns: [ann], topic, tags, ...args }, options),
    ({ type }) => (type.endsWith(":Role") ? { arn: roleArn, name: "glass-role" } : {}),
  );
const inputsOf = async (role: string, args: Partial<BreakGlassRoleArgs> = {}) =>
  (await create(args)).resources.find(({ name }) => name === `glass-${role}`)?.inputs ?? {};

describe("BreakGlassRole", () => {
  test("is taken by those named alone, with fresh MFA, for an hour", async () => {
    const { assumeRolePolicy, maxSessionDuration } = await inputsOf("role");
    expect(JSON.parse(String(assumeRolePolicy)).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: [ann] },
        Action: ["sts:AssumeRole"],
        Condition: {
          Bool: { "aws:MultiFactorAuthPresent": "true" },
          NumericLessThan: { "aws:MultiFactorAuthAge": "3600" },
        },
      },
    ]);
    expect(maxSessionDuration).toBe(3600);
    expect(await inputsOf("administrator-attachment")).toEqual({
      role: "glass-role",
      policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    });
  });

  test("tells the topic when it is asked for, by events that only read too", async () => {
    const rule = await inputsOf("use-rule");
    expect(rule["state"]).toBe("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
    expect(JSON.parse(String(rule["eventPattern"]))).toEqual({
      source: ["aws.sts"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: { eventName: ["AssumeRole"], requestParameters: { roleArn: [roleArn] } },
    });
    expect(await inputsOf("use-target")).toMatchObject({ arn: topic.topicArn });
  });

  test("watches all that it does, in every region, where there is an audit trail", async () => {
    expect(await inputsOf("use-filter", { auditLogs })).toMatchObject({
      logGroupName: "audit",
      pattern: `{ ($.userIdentity.sessionContext.sessionIssuer.arn = "${roleArn}") || (($.eventName = "AssumeRole") && ($.requestParameters.roleArn = "${roleArn}")) }`,
    });
    expect(await inputsOf("use-alarm", { auditLogs })).toMatchObject({
      metricName: "glass-use",
      threshold: 0,
      alarmActions: [topic.topicArn],
    });
    expect((await create()).resources.map(({ name }) => name)).not.toContain("glass-use-alarm");
  });

  test.each<[Partial<BreakGlassRoleArgs>, string]>([
    [{ principalArns: [] }, "principalArns is empty"],
    [{ principalArns: ["arn:aws:iam::123456789012:root"] }, "not of a whole account"],
    [{ principalArns: ["*"] }, 'principalArns has "*"'],
    [{ principalArns: ["arn:aws:iam::123456789012:user/*"] }, "without wildcards"],
    [{ sessionMinutes: 720 }, "sessionMinutes is 720"],
    [{ mfaMinutes: 0 }, "mfaMinutes is 0"],
    [{ managedPolicies: {} }, "managedPolicies is empty"],
    [{ managedPolicies: { Admin: "x" } }, 'managedPolicies has "Admin"'],
    [{ alarms: { off: { use: { reason: "" } } } }, "no reason for no-use-alarm"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
