import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { Dashboard } from "./dashboard.ts";
import type { DashboardArgs } from "./dashboard-args.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const errors = {
  title: "Errors",
  metrics: [{ namespace: "Shop", metric: "errors", dimensions: { Service: "orders" }, statistic: "Sum" }],
};
const updates = { updates: ["dashboard"] };

/** The table of docs/dashboard.md. */
export const argumentEffects: ArgumentEffects<DashboardArgs> = {
  base: { sections: [{ title: "Orders", alarms: [{ arn: "arn:alarm" }], widgets: [errors] }], tags },
  create: (args, options) => new Dashboard("unit", args, options),
  untaggable: ["aws:cloudwatch/dashboard:Dashboard"],
  changes: {
    sections: [
      { to: [{ title: "Orders", widgets: [errors, errors] }], effect: updates },
      { to: [], effect: { refused: "INVALID_ARGUMENT" } },
    ],
    columns: { to: 2, effect: updates },
    note: { to: "See the runbook.", effect: updates },
    hours: { to: 24, effect: updates },
    dashboardName: { to: "shop-overview", effect: { replaces: ["dashboard"] } },
    tags: { to: { ...tags, Owner: "orders" }, effect: updates },
  },
};
