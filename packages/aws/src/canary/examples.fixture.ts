// The examples of docs/canary.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { Canary } from "../index.ts";

export function start(): Canary {
  // #region start
  const heartbeat = new Canary("shop", {
    url: "https://shop.example.com/health",
    preset: "dev",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return heartbeat;
}

export function production(): Canary {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  const alerts = { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" };
  // #region production
  const heartbeat = new Canary("shop", {
    url: "https://shop.example.com/health",
    intervalMinutes: 1,
    timeoutSeconds: 5,
    alarms: { topic: alerts },
    tags,
  });
  // #endregion
  return heartbeat;
}
