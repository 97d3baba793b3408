import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { BOUNDARY_DENIES, BOUNDARY_DENY_NAMES } from "./boundary-denies.ts";
import { planBoundary } from "./boundary-plan.ts";
import { onEveryRole } from "./on-every-role.ts";
import { PermissionBoundary } from "./permission-boundary.ts";
import type { PermissionBoundaryArgs } from "./permission-boundary-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const base = { services: ["s3", "iam"], regions: ["eu-central-1"], tags };
const create = (args: Partial<PermissionBoundaryArgs>) =>
  record((options) => new PermissionBoundary("deployers", { ...base, ...args }, options));

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

async function statements(args: Partial<PermissionBoundaryArgs> = {}) {
  const { resources } = await create(args);
  const policy = resources.find(({ name }) => name === "deployers-boundary")?.inputs["policy"];
  const list: readonly Statement[] = JSON.parse(String(policy)).Statement;
  return new Map(list.map((statement) => [statement.Sid, statement]));
}

describe("PermissionBoundary", () => {
  test("binds services to the regions, and those without regions to none", async () => {
    const all = await statements({ services: ["sqs", "iam", "s3"], regions: ["us-east-1", "eu-central-1"] });
    expect(all.get("Regional")).toEqual({
      Sid: "Regional",
      Effect: "Allow",
      Action: ["s3:*", "sqs:*"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:RequestedRegion": ["eu-central-1", "us-east-1"] } },
    });
    expect(all.get("Global")).toEqual({
      Sid: "Global",
      Effect: "Allow",
      Action: ["iam:*"],
      Resource: ["*"],
    });
  });

  test("lets roles be made and changed only with itself on them, by its own ARN", async () => {
    const all = await statements();
    expect(all.get("OnlyWithTheBoundary")).toMatchObject({
      Effect: "Deny",
      Action: expect.arrayContaining(["iam:CreateRole", "iam:PutRolePermissionsBoundary"]),
      Condition: {
        StringNotEquals: {
          "iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/deployers-boundary",
        },
      },
    });
    expect(all.get("BoundaryIsNotEdited")).toMatchObject({
      Effect: "Deny",
      Resource: ["arn:aws:iam::123456789012:policy/deployers-boundary"],
    });
    expect(all.get("BoundaryStays")).toMatchObject({ Effect: "Deny", Resource: ["*"] });
  });

  test("keeps roles with more rights out of reach", async () => {
    expect((await statements({ outsideRoles: ["admin-*"] })).get("OutsideRoles")).toEqual({
      Sid: "OutsideRoles",
      Effect: "Deny",
      Action: ["iam:DeleteRole", "iam:PassRole", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole"],
      Resource: [
        "arn:aws:iam::123456789012:role/OrganizationAccountAccessRole",
        "arn:aws:iam::123456789012:role/aws-reserved/*",
        "arn:aws:iam::123456789012:role/admin-*",
      ],
    });
  });

  test("allows what is asked for with a reason, and records it", async () => {
    const { resources } = await create({ allow: { users: { reason: "legacy mail relay" } } });
    const { policy, tags: given } = resources.find(({ name }) => name === "deployers-boundary")?.inputs ?? {};
    expect(String(policy)).not.toContain("iam:CreateAccessKey");
    expect(String(policy)).toContain("cloudtrail:StopLogging");
    expect(given).toMatchObject({ "Opening:allow-users": "legacy mail relay" });
  });

  const service = fc.stringMatching(/^[a-z][a-z0-9]{1,12}$/);
  test("denies all that is not allowed by name, whatever the services", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(service, { minLength: 1, maxLength: 20 }),
        fc.uniqueArray(fc.constantFrom(...BOUNDARY_DENY_NAMES)),
        (services, allow) => {
          const place = { partition: "aws", accountId: "1", policyName: "b" };
          const plan = planBoundary({ services, regions: ["eu-central-1"], allow }, place);
          const denied = plan
            .filter(({ effect, conditions }) => effect === "Deny" && conditions === undefined)
            .flatMap(({ actions }) => actions);
          for (const name of BOUNDARY_DENY_NAMES)
            for (const action of BOUNDARY_DENIES[name])
              expect(denied.includes(action)).toBe(!allow.includes(name));
          const allowed = plan.flatMap(({ effect, actions }) => (effect === "Deny" ? [] : actions));
          expect(allowed.toSorted()).toEqual(services.map((one) => `${one}:*`).toSorted());
        },
      ),
    );
  });

  test.each<[Partial<PermissionBoundaryArgs>, string]>([
    [{ services: [] }, "services is empty"],
    [{ services: ["*"] }, 'services has "*"'],
    [{ services: ["s3", "s3"] }, 'services has "s3" twice'],
    [{ regions: ["Frankfurt"] }, 'regions has "Frankfurt"'],
    [{ outsideRoles: ["a b"] }, 'outsideRoles has "a b"'],
    [{ policyName: "a/b" }, 'policyName is "a/b"'],
    [{ allow: { audit: { reason: " " } } }, "no reason for allow-audit"],
    [{ services: Array.from({ length: 400 }, (_, at) => `service${at}`) }, "IAM takes 6144"],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});

describe("onEveryRole", () => {
  const transform = onEveryRole({ policyArn: "arn:of:boundary" });
  const transformed = (type: string, props: Record<string, unknown>) =>
    transform({ custom: true, type, name: "x", props, opts: {} });

  test("puts the boundary on roles and users that have none", () => {
    for (const type of ["aws:iam/role:Role", "aws:iam/user:User"])
      expect(transformed(type, { path: "/" })).toEqual({
        props: { path: "/", permissionsBoundary: "arn:of:boundary" },
        opts: {},
      });
  });

  test("leaves a boundary that is given, and everything else", () => {
    expect(transformed("aws:iam/role:Role", { permissionsBoundary: "arn:of:another" })).toBeUndefined();
    expect(transformed("aws:s3/bucket:Bucket", {})).toBeUndefined();
  });
});
