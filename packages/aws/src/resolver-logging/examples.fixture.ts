// The examples of docs/resolver-logging.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { LogGroup, ResolverLogging, Vpc } from "../index.ts";

export function start(): ResolverLogging {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const network = new Vpc("resolver-network", { cidrBlock: "10.44.0.0/16", zones: ["eu-central-1a"], tags });
  // #region start
  const queries = new LogGroup("dns-queries", {
    preset: "dev",
    logGroupName: "/aws/vendedlogs/dns-queries",
    tags,
  });
  const logging = new ResolverLogging("dns", {
    vpcs: { main: network },
    logGroup: queries,
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return logging;
}
