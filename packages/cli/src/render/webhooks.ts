import type { WebhookDelivery, WebhookStatus } from "@groundplane/orchestrator";
import type { Style } from "../terminal.ts";
import { age } from "./duration.ts";
import { oneLine } from "./plain-text.ts";
import { table } from "./table.ts";

function stateWords({ state, failures, lastError, nextAttemptAt }: WebhookStatus, style: Style, now: Date) {
  if (state === "ready") return style.green("✔ ready");
  const why = oneLine(lastError ?? "no reason");
  if (state === "disabled") return style.red(`✖ switched off: ${why}`);
  const wait = nextAttemptAt === undefined ? 0 : Date.parse(nextAttemptAt) - now.getTime();
  const again = wait > 0 ? `again in ${age(wait)}` : "again with the next command";
  return style.yellow(`! failed ${failures} ${failures === 1 ? "time" : "times"}: ${why}, ${again}`);
}

/** One line an endpoint. */
export function webhookLines(statuses: readonly WebhookStatus[], style: Style, now: Date): string[] {
  return table(
    statuses.map((status) => [
      style.bold(status.name),
      status.host,
      status.waiting === 0 ? "nothing waits" : `${status.waiting} waiting`,
      status.deliveredAt === undefined
        ? "never delivered"
        : `delivered ${age(now.getTime() - Date.parse(status.deliveredAt))} ago`,
      stateWords(status, style, now),
    ]),
  );
}

const HOW: Readonly<Record<WebhookDelivery["how"], string>> = {
  done: "nothing is left",
  failed: "failed",
  disabled: "switched off; name it to begin again",
  taken: "another process delivers to it",
  stopped: "stopped",
};

export function deliveryLines(deliveries: readonly WebhookDelivery[], style: Style): string[] {
  return table(
    deliveries.map(({ name, delivered, how, error }) => [
      style.bold(name),
      `${delivered} delivered`,
      how === "done"
        ? HOW[how]
        : style.yellow(`${HOW[how]}${error === undefined ? "" : `: ${oneLine(error)}`}`),
    ]),
  );
}
