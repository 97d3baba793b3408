// The examples of docs/composite-alarm.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { AlertTopic, CompositeAlarm, LogGroup } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };

export function start(): CompositeAlarm {
  const orders = new LogGroup("composite-orders", { preset: "dev", errorPattern: "ERROR", tags });
  const payments = new LogGroup("composite-payments", { preset: "dev", errorPattern: "ERROR", tags });
  const alerts = new AlertTopic("composite-alerts", { preset: "dev", tags });
  // #region start
  const broken = new CompositeAlarm("checkout-broken", {
    when: { any: [...orders.nodes.alarms.values(), ...payments.nodes.alarms.values()] },
    description: "Customers cannot check out: look at the logs of orders and payments.",
    topic: alerts,
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return broken;
}

export function quiet(): CompositeAlarm {
  const alarm = (name: string) => ({ arn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}` });
  const [slow, failing, maintenance, network] = [
    alarm("slow"),
    alarm("failing"),
    alarm("work"),
    alarm("net"),
  ];
  const alerts = { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" };
  // #region quiet
  const degraded = new CompositeAlarm("shop-degraded", {
    when: { all: [{ any: [slow, failing] }, { not: maintenance }] },
    description: "The shop is slow or failing, and nobody works on it.",
    topic: alerts,
    quietWhile: { alarm: network, thenSeconds: 300 },
    tags,
  });
  // #endregion
  return degraded;
}
