// The examples of docs/hosted-zone.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import * as pulumi from "@pulumi/pulumi";
import { HostedZone } from "../index.ts";

export function start(): HostedZone {
  // #region start
  const zone = new HostedZone("shop-zone", {
    preset: "dev",
    domainName: "dev.shop.example.com",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return zone;
}

export function signed(): HostedZone {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const topic = { topicArn: pulumi.output("arn:aws:sns:us-east-1:123456789012:on-call") };
  // #region signed
  const zone = new HostedZone("shop-zone", {
    domainName: "shop.example.com",
    dnssec: true,
    queryLogs: 365,
    alarms: { topic },
    tags,
  });
  // #endregion
  return zone;
}

export function internal(): HostedZone {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = { vpcId: pulumi.output("vpc-1") };
  // #region internal
  const zone = new HostedZone("internal-zone", {
    domainName: "shop.internal",
    vpcs: [network],
    tags,
  });
  // #endregion
  return zone;
}
