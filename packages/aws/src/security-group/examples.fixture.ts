// The examples of docs/security-group.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { SecurityGroup, Vpc } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

export function start(): SecurityGroup {
  const network = new Vpc("groups-network", { cidrBlock: "10.41.0.0/16", zones: ["eu-central-1a"], tags });
  // #region start
  const api = new SecurityGroup("orders-api", {
    vpc: network,
    ingress: [{ from: "vpc", port: 443, description: "HTTPS from the load balancer" }],
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  const database = new SecurityGroup("orders-db", {
    vpc: network,
    ingress: [{ from: api, port: 5432, description: "queries of the API" }],
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  api.allowTo({ to: database, port: 5432, description: "queries" });
  // #endregion
  return database;
}

export function edge(): SecurityGroup {
  const network = { vpcId: "vpc-0a1b2c3d4e5f60718", cidrBlock: "10.32.0.0/16" };
  // #region edge
  const balancer = new SecurityGroup("shop-edge", {
    vpc: network,
    ingress: [
      { from: { anywhere: { reason: "public shop" } }, port: 443, description: "HTTPS" },
      {
        from: { cidrBlock: "10.99.0.0/16", reason: "office network" },
        ports: { from: 8000, to: 8010 },
        description: "staff pages",
      },
    ],
    egress: [{ to: "vpc", port: 8080, description: "services" }],
    tags,
  });
  // #endregion
  return balancer;
}
