import { describe, expect, test } from "vitest";
import { record } from "../../../../test/recording-mocks.ts";
import { ResolverLogging } from "./resolver-logging.ts";
import type { ResolverLoggingArgs } from "./resolver-logging-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const logGroup = { logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:dns" };
const create = (vpcs: ResolverLoggingArgs["vpcs"]) =>
  record((options) => new ResolverLogging("dns", { vpcs, logGroup, tags }, options));

describe("ResolverLogging", () => {
  test("logs the queries of each VPC to the group", async () => {
    const { resources } = await create({ main: { vpcId: "vpc-1" }, tools: { vpcId: "vpc-2" } });
    const association = (resourceId: string) => ({ resolverQueryLogConfigId: "dns-config-id", resourceId });
    expect(resources.filter(({ custom }) => custom).map(({ name, inputs }) => [name, inputs])).toEqual([
      ["dns-config", { destinationArn: logGroup.logGroupArn, tags: { ...tags, Name: "dns-config" } }],
      ["dns-main-association", association("vpc-1")],
      ["dns-tools-association", association("vpc-2")],
    ]);
  });

  test.each<[ResolverLoggingArgs["vpcs"], string]>([
    [{}, "vpcs has 0 VPCs"],
    [{ Main: { vpcId: "vpc-1" } }, '"Main" cannot name a VPC here'],
  ])("refuses %o before anything is made", async (vpcs, message) => {
    await expect(create(vpcs)).rejects.toThrow(message);
  });
});
