// The examples of docs/dashboard.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { AlertTopic, Dashboard, LogGroup } from "../index.ts";

export function start(): Dashboard {
  const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const alerts = new AlertTopic("dashboard-alerts", { preset: "dev", tags });
  const logs = new LogGroup("dashboard-logs", { preset: "dev", errorPattern: "ERROR", tags });
  // #region start
  const overview = new Dashboard("shop", {
    sections: [
      { title: "Orders", alarms: [...logs.nodes.alarms.values()] },
      { title: "Alerts", widgets: alerts.widgets() },
    ],
    note: "[Runbook](https://wiki.example.com/shop)",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return overview;
}
