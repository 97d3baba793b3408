import { describe, expect, test } from "vitest";
import { record, resolved } from "../../../../test/recording-mocks.ts";
import { policyDocument } from "../iam/policy-statement.ts";
import { MetricsWorkspace } from "./metrics-workspace.ts";
import type { MetricsWorkspaceArgs } from "./metrics-workspace-args.ts";

const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const arn = "arn:aws:aps:eu-central-1:123456789012:workspace/ws-1";
const create = async (args: Partial<MetricsWorkspaceArgs>) => {
  const recording = await record(
    (options) => new MetricsWorkspace("shop", { tags, ...args }, options),
    ({ type }) =>
      type.startsWith("aws:amp/") ? { arn, prometheusEndpoint: "https://aps.example.com/ws-1/" } : {},
  );
  const inputs = (role: string) => recording.resources.find(({ name }) => name === `shop-${role}`)?.inputs;
  return { ...recording, inputs };
};

describe("MetricsWorkspace", () => {
  test("is protected in prod, and has an address to write to", async () => {
    const { component, children, inputs } = await create({ logGroup: { logGroupArn: "arn:logs" } });
    expect(inputs("workspace")).toEqual({
      alias: "shop",
      loggingConfiguration: { logGroupArn: "arn:logs:*" },
      tags: { ...tags, Name: "shop-workspace" },
    });
    expect(children.map(({ name, options }) => [name, options.protect])).toEqual([["shop-workspace", true]]);
    expect(await resolved(component.remoteWriteUrl)).toBe("https://aps.example.com/ws-1/api/v1/remote_write");
    expect(JSON.parse(await resolved(policyDocument(component.writeStatements())))).toMatchObject({
      Statement: [{ Action: ["aps:RemoteWrite"], Resource: [arn] }],
    });
  });

  test("gives Grafana a role that only workspaces of the account take, to read these metrics", async () => {
    const { inputs } = await create({ grafana: { authentication: "saml", version: "10.4" } });
    expect(inputs("grafana")).toMatchObject({
      authenticationProviders: ["SAML"],
      permissionType: "CUSTOMER_MANAGED",
      grafanaVersion: "10.4",
    });
    expect(JSON.parse(String(inputs("grafana-role")?.["assumeRolePolicy"]))).toMatchObject({
      Statement: [
        {
          Principal: { Service: "grafana.amazonaws.com" },
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": "arn:aws:grafana:eu-central-1:123456789012:*" },
          },
        },
      ],
    });
    expect(JSON.parse(String(inputs("grafana-policy")?.["policy"])).Statement[0]).toMatchObject({
      Resource: [arn],
    });
  });

  test.each<[Partial<MetricsWorkspaceArgs>, string]>([
    [{ grafana: { authentication: "saml", version: "ten" } }, 'grafana.version is "ten"'],
    [{ adopt: { workspaceId: "shop" } }, 'adopt.workspaceId is "shop"'],
  ])("refuses %o before anything is made", async (args, message) => {
    await expect(create(args)).rejects.toThrow(message);
  });
});
