// The examples of docs/metrics-workspace.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { LogGroup, MetricsWorkspace } from "../index.ts";

export function start(): MetricsWorkspace {
  // #region start
  const metrics = new MetricsWorkspace("shop", {
    preset: "dev",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return metrics;
}

export function production(): MetricsWorkspace {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region production
  const failures = new LogGroup("metrics-failures", { logGroupName: "/aws/vendedlogs/metrics", tags });
  const metrics = new MetricsWorkspace("shop", {
    logGroup: failures,
    grafana: { authentication: "identity-center" },
    tags,
  });
  // #endregion
  return metrics;
}
