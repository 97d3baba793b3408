import { type JsonValue, SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { creationOf } from "../../../../test/pack-examples.ts";
import { pack } from "../pack.ts";
import { verdicts } from "./verdicts.fixture.ts";

describe("outbound traffic", () => {
  const GROUP = "aws:ec2/securityGroup:SecurityGroup";
  const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

  it("is looked for in groups and in rules, and not in what comes in", async () => {
    const egress = [{ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }, { ipv6CidrBlocks: ["::/0"] }];
    expect(await verdicts("security-group-egress", GROUP, { egress })).toEqual([
      "violation: egress[0].cidrBlocks[1] lets traffic out to 0.0.0.0/0",
      "violation: egress[1].ipv6CidrBlocks[0] lets traffic out to ::/0",
    ]);
    const rule = (type: string) =>
      verdicts("security-group-egress", RULE, { type, cidrBlocks: ["0.0.0.0/0"] });
    expect(await rule("egress")).toHaveLength(1);
    expect(await rule("ingress")).toEqual([]);
  });

  it("may be opened with a reason", async () => {
    const type = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
    const open = (tags: Readonly<Record<string, string>>) =>
      verdicts("security-group-egress", type, { cidrIpv6: "::/0", tags });
    expect(await open({ "Opening:anywhere": "package mirrors" })).toEqual([]);
    expect(await open({ Owner: "team" })).toHaveLength(1);
  });
});

describe("container definitions", () => {
  const container = {
    name: "app",
    user: "10001",
    readonlyRootFilesystem: true,
    logConfiguration: { logDriver: "awslogs" },
  };
  const judged = (rule: string, ...containers: readonly JsonValue[]) =>
    verdicts(rule, "aws:ecs/taskDefinition:TaskDefinition", {
      family: "app",
      containerDefinitions: JSON.stringify(containers),
    });

  it.each(["root", "0", "0:0", "root:root", "00"])("user %j is root", async (user) => {
    expect(await judged("ecs-non-root", container, { ...container, name: "side", user })).toEqual([
      `violation: container side runs as ${user}`,
    ]);
  });

  it.each(["app", "1000:0", "rooted"])("user %j is not", async (user) => {
    expect(await judged("ecs-non-root", { ...container, user })).toEqual([]);
  });

  it("a container that leaves things out has not asked for them", async () => {
    const [bare] = [{ name: "bare" }];
    expect(await judged("ecs-non-root", bare)).toEqual(["violation: container bare sets no user"]);
    expect(await judged("ecs-logs", bare)).toHaveLength(1);
    expect(await judged("ecs-read-only-root", bare)).toHaveLength(1);
    expect(await judged("ecs-no-privileged", bare)).toEqual([]);
  });

  it("a text that comes with the change is left to the engine, a secret one is not", async () => {
    const type = "aws:ecs/taskDefinition:TaskDefinition";
    expect(await verdicts("ecs-non-root", type, { containerDefinitions: UNKNOWN_MARK })).toEqual([]);
    expect((await verdicts("ecs-non-root", type, { containerDefinitions: SECRET_MARK }))[0]).toMatch(
      /^not-evaluated/,
    );
  });
});

describe("who may invoke a function", () => {
  const permission = (more: Readonly<Record<string, JsonValue>>) =>
    verdicts("lambda-permission-limited", "aws:lambda/permission:Permission", more);

  it("needs a limit for services and for everyone, of which it is enough that it is set", async () => {
    expect(await permission({ principal: "events.amazonaws.com" })).toHaveLength(1);
    expect(await permission({ principal: "events.amazonaws.com", sourceArn: UNKNOWN_MARK })).toEqual([]);
    expect(await permission({ principal: "*", principalOrgId: "o-1" })).toEqual([]);
    expect(await permission({ principal: "111122223333" })).toEqual([]);
  });
});

describe("runtimes", () => {
  it.each(["nodejs22.x", "nodejs24.x", "python3.13", "provided.al2023", "java21", "dotnet10", "ruby3.4"])(
    "%s is patched",
    async (runtime) => {
      expect(await verdicts("lambda-runtime", "aws:lambda/function:Function", { runtime })).toEqual([]);
    },
  );
  it.each(["nodejs", "nodejs8.10", "nodejs20.x", "python2.7", "python3.9", "go1.x", "dotnet6", "provided"])(
    "%s is not",
    async (runtime) => {
      expect(await verdicts("lambda-runtime", "aws:lambda/function:Function", { runtime })).toHaveLength(1);
    },
  );
});

describe("versions of EKS", () => {
  it.each([
    ["1.9", 1],
    ["1.29", 1],
    ["1.30", 1],
    ["1.31", 0],
    ["1.34", 0],
    ["1.40", 0],
  ] as const)("%s: %d findings", async (version, count) => {
    expect(await verdicts("eks-version", "aws:eks/cluster:Cluster", { version })).toHaveLength(count);
  });
});

describe("rules on the stack", () => {
  const review = async (
    ...resources: readonly (readonly [string, Readonly<Record<string, JsonValue>>])[]
  ) => {
    const planned = resources.map(([type, inputs], index) => ({ type, name: `r${index}`, inputs }));
    const findings = await pack.review({
      changeSet: creationOf(planned),
      exemptions: [],
      today: "2026-11-21",
    });
    return findings
      .filter(({ rule }) => ["vpc-flow-logs", "no-foreign-account"].includes(rule))
      .map(({ urn = "", message }) => `${urn.split("::").at(-1)}: ${message}`);
  };
  const vpc = ["aws:ec2/vpc:Vpc", {}] as const;
  const ofVpc = ["aws:ec2/flowLog:FlowLog", { vpcId: UNKNOWN_MARK, trafficType: "ALL" }] as const;
  const ofSubnet = ["aws:ec2/flowLog:FlowLog", { subnetId: "subnet-1", trafficType: "ALL" }] as const;

  it("counts VPCs and their flow logs", async () => {
    expect(await review(vpc, ofVpc)).toEqual([]);
    expect(await review(vpc, ofSubnet)).toEqual(["r0: the stack has 1 VPC and 0 flow logs of VPCs"]);
    expect(await review(vpc, vpc, ofVpc)).toHaveLength(2);
    expect(await review(["aws:ec2/vpc:Vpc", { tags: { "Opening:no-flow-logs": "a test" } }])).toEqual([]);
  });

  it("finds the account that is not the stack's own", async () => {
    const policy = (account: string) =>
      [
        "aws:sns/topicSubscription:TopicSubscription",
        { topic: `arn:aws:sns:eu-central-1:${account}:alerts` },
      ] as const;
    const own = policy("000000000000");
    expect(await review(own, own, policy("111122223333"))).toEqual([]);
    expect(await review(own, policy("210987654321"), own)).toEqual([
      "r1: topic names account 210987654321, where most ARNs of the stack name 000000000000",
    ]);
  });
});
