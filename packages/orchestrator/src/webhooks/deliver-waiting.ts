import { isGroundplaneError, type WebhookMessage } from "@groundplane/contracts";
import type { Journal } from "../journal/journal.ts";
import { backOffMs } from "./back-off.ts";
import { ATTEMPT_MS, sendWebhook } from "./send-webhook.ts";
import type { WebhookCursors } from "./webhook-cursors.ts";
import type { WebhookDefinition } from "./webhook-definition.ts";
import { isWanted, webhookMessage } from "./webhook-message.ts";
import { readWebhookSecrets } from "./webhook-secrets.ts";

/** An endpoint is held this long for one attempt; a process that was killed meanwhile holds it no longer. */
export const HOLD_MS = 2 * ATTEMPT_MS;
const BATCH = 100;

/** What deliveries work with. */
export interface WebhookPorts {
  readonly journal: Journal;
  readonly cursors: WebhookCursors;
  readonly clock: () => Date;
  /** Folder of the project file. */
  readonly root: string;
  /** This process, among those that deliver. */
  readonly holder: string;
  /** Of one attempt. @default 5,000 */
  readonly attemptMs?: number | undefined;
}

export interface WebhookDelivery {
  readonly name: string;
  /** How many messages were taken, in the background too since the last time this was told. */
  readonly delivered: number;
  /**
   * `done`: nothing is left. `failed`: the rest waits for another attempt. `disabled`: its receiver wants no more
   * (status 410). `taken`: another process delivers to it now. `stopped`: there was no more time.
   */
  readonly how: "done" | "failed" | "disabled" | "taken" | "stopped";
  readonly error?: string;
}

interface Next {
  /** Of the message's entry; without a message, of the last entry. */
  readonly sequence: number;
  readonly message?: WebhookMessage;
}

/** The first message after an entry that an endpoint wants. */
export function nextMessage(
  definition: Pick<WebhookDefinition, "events" | "environments">,
  journal: Journal,
  after: number,
): Next {
  let sequence = after;
  for (;;) {
    const entries = journal.entriesAfter(sequence, BATCH);
    for (const entry of entries) {
      const message = webhookMessage(entry, journal.entries(entry.run));
      if (message !== undefined && isWanted(definition, message))
        return { sequence: entry.sequence, message };
    }
    sequence = entries.at(-1)?.sequence ?? sequence;
    if (entries.length < BATCH) return { sequence };
  }
}

async function attempt(
  definition: WebhookDefinition,
  message: WebhookMessage,
  { clock, root, attemptMs }: WebhookPorts,
  signal: AbortSignal | undefined,
) {
  const secrets = await readWebhookSecrets(definition, root);
  return sendWebhook(definition.url, message, secrets, {
    now: clock(),
    ...(signal === undefined ? {} : { signal }),
    ...(attemptMs === undefined ? {} : { attemptMs }),
  });
}

/** Sends message after message, each once the one before it was taken. */
async function deliverInOrder(
  definition: WebhookDefinition,
  ports: WebhookPorts,
  signal: AbortSignal | undefined,
): Promise<WebhookDelivery> {
  const { name } = definition;
  const { cursors, journal, clock, holder } = ports;
  for (let delivered = 0; ; delivered += 1) {
    const now = clock().getTime();
    if (!cursors.hold(name, holder, now, now + HOLD_MS)) return { name, delivered, how: "taken" };
    const { sequence, disabled } = cursors.cursor(name);
    if (disabled) return { name, delivered, how: "disabled" };
    const next = nextMessage(definition, journal, sequence);
    if (next.message === undefined) {
      if (next.sequence > sequence) cursors.advance(name, next.sequence);
      return { name, delivered, how: "done" };
    }
    if (signal?.aborted === true) return { name, delivered, how: "stopped" };
    const sent = await attempt(definition, next.message, ports, signal);
    if (sent.how === "gone") {
      cursors.disable(name, sent.error);
      return { name, delivered, how: "disabled", error: sent.error };
    }
    if (sent.how === "failed") return fail(definition, ports, delivered, sent.error);
    cursors.advance(name, next.sequence, clock().getTime());
  }
}

function fail(
  { name }: WebhookDefinition,
  { cursors, clock }: WebhookPorts,
  delivered: number,
  error: string,
): WebhookDelivery {
  const { failures } = cursors.cursor(name);
  cursors.fail(name, error, clock().getTime() + backOffMs(failures + 1, Math.random()));
  return { name, delivered, how: "failed", error };
}

/** Delivers what waits for an endpoint, in order, until nothing is left or an attempt fails. Never throws. */
export async function deliverWaiting(
  definition: WebhookDefinition,
  ports: WebhookPorts,
  signal?: AbortSignal,
): Promise<WebhookDelivery> {
  const { name } = definition;
  try {
    try {
      return await deliverInOrder(definition, ports, signal);
    } catch (error) {
      return fail(definition, ports, 0, isGroundplaneError(error) ? error.message : String(error));
    } finally {
      ports.cursors.release(name, ports.holder);
    }
  } catch (error) {
    // The cursors themselves cannot be written: what waits stays for the next process.
    return { name, delivered: 0, how: "failed", error: String(error) };
  }
}
