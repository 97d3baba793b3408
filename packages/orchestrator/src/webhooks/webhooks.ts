import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GroundplaneError, isGroundplaneError, type WebhookEvent } from "@groundplane/contracts";
import type { LoadedProject } from "../define/load-project.ts";
import { sha256Of } from "../journal/entry-hash.ts";
import type { Journal } from "../journal/journal.ts";
import { HOLD_MS, nextMessage, type WebhookDelivery, type WebhookPorts } from "./deliver-waiting.ts";
import { type Sent, sendWebhook } from "./send-webhook.ts";
import { TAKEN_AGAIN_MS, WebhookCourier } from "./webhook-courier.ts";
import { WebhookCursors } from "./webhook-cursors.ts";
import { readWebhookSecrets } from "./webhook-secrets.ts";

/** Counting what waits ends here. */
const COUNTED = 1000;

export interface WebhookStatus {
  readonly name: string;
  /** Of its URL; the rest may be for its receiver alone. */
  readonly host: string;
  readonly events: readonly WebhookEvent[];
  /** Undefined for all. */
  readonly environments: readonly string[] | undefined;
  /** `failing`: the last attempt failed, and there will be another. `disabled`: its receiver answered 410. */
  readonly state: "ready" | "failing" | "disabled";
  /** Messages that wait for it, 1,000 at most. */
  readonly waiting: number;
  /** Of the last journal entry that is dealt with. */
  readonly cursor: number;
  /** Attempts that failed since the last that did not. */
  readonly failures: number;
  readonly lastError: string | undefined;
  readonly nextAttemptAt: string | undefined;
  readonly deliveredAt: string | undefined;
}

export interface WebhooksOptions {
  readonly project: LoadedProject;
  readonly journal: Journal;
  readonly clock: () => Date;
  readonly attemptMs?: number;
}

/**
 * The webhooks of a project. Each endpoint has a cursor in the journal: what happened after it is sent in order, at
 * least once, by whatever process comes to it. No delivery delays a run, or changes one.
 */
export class Webhooks {
  readonly #ports: WebhookPorts;
  readonly #project: LoadedProject;
  readonly #couriers: ReadonlyMap<string, WebhookCourier>;

  constructor({ project, journal, clock, attemptMs }: WebhooksOptions) {
    this.#project = project;
    const cursors = new WebhookCursors(join(project.dataFolder, "webhooks.db"));
    const holder = `${process.pid}-${randomUUID()}`;
    this.#ports = { journal, cursors, clock, root: project.root, holder, attemptMs };
    const end = journal.lastSequence();
    this.#couriers = new Map(
      project.definition.webhooks.map((definition) => {
        cursors.register(definition.name, sha256Of(definition.url), end);
        return [definition.name, new WebhookCourier(definition, this.#ports)];
      }),
    );
  }

  /** Delivers in the background what waits. */
  wake(): void {
    for (const courier of this.#couriers.values()) courier.wake();
  }

  list(): readonly WebhookStatus[] {
    return [...this.#couriers.values()].map(({ definition }) => {
      const { name, events, environments } = definition;
      const cursor = this.#ports.cursors.cursor(name);
      const time = (milliseconds: number | undefined): string | undefined =>
        milliseconds === undefined || milliseconds === 0 ? undefined : new Date(milliseconds).toISOString();
      return {
        name,
        host: new URL(definition.url).host,
        events,
        environments,
        state: cursor.disabled ? "disabled" : cursor.failures > 0 ? "failing" : "ready",
        waiting: this.#waiting(definition, cursor.sequence),
        cursor: cursor.sequence,
        failures: cursor.failures,
        lastError: cursor.lastError,
        nextAttemptAt: time(cursor.nextAttemptAt),
        deliveredAt: time(cursor.deliveredAt),
      };
    });
  }

  /**
   * Delivers what waits, now, whatever failed before.
   *
   * @param name One endpoint; one that was switched off is switched on again. @default all that are not switched off
   * @throws {WEBHOOK_NOT_FOUND}
   */
  async deliver(name?: string): Promise<readonly WebhookDelivery[]> {
    const couriers = name === undefined ? [...this.#couriers.values()] : [this.#courier(name)];
    if (name !== undefined) this.#ports.cursors.enable(name);
    return Promise.all(couriers.map(deliverOnceFree));
  }

  /**
   * Sends a message of type `webhook.test` once, beside what waits.
   *
   * @throws {WEBHOOK_NOT_FOUND}
   * @throws {SECRETS_UNAVAILABLE} when its secret is not there.
   */
  async test(name: string): Promise<Sent> {
    const { definition } = this.#courier(name);
    const now = this.#ports.clock();
    const { attemptMs } = this.#ports;
    return sendWebhook(
      definition.url,
      {
        id: `msg_${randomBytes(16).toString("hex")}`,
        type: "webhook.test",
        timestamp: now.toISOString(),
        data: { project: this.#project.definition.name },
      },
      await readWebhookSecrets(definition, this.#project.root),
      { now, ...(attemptMs === undefined ? {} : { attemptMs }) },
    );
  }

  /**
   * Gives up what waits for an endpoint: for a message that its receiver will never take.
   *
   * @returns how many messages were given up, 1,000 at most.
   * @throws {WEBHOOK_NOT_FOUND}
   */
  skip(name: string): number {
    const { definition } = this.#courier(name);
    const { cursors, journal } = this.#ports;
    const given = this.#waiting(definition, cursors.cursor(name).sequence);
    cursors.advance(name, journal.lastSequence());
    cursors.enable(name);
    return given;
  }

  /**
   * Delivers what came last, and stops.
   *
   * @param graceMs After this long, what is left is for the next process. @default 3,000
   */
  async close(graceMs = 3_000): Promise<void> {
    const couriers = [...this.#couriers.values()];
    // A file that cannot be used must not make a command fail that did its work.
    const finished = Promise.allSettled(couriers.map((courier) => courier.finish()));
    const timer = setTimeout(() => {
      for (const courier of couriers) courier.stop();
    }, graceMs);
    try {
      await finished;
    } finally {
      clearTimeout(timer);
      this.#ports.cursors.close();
    }
  }

  #courier(name: string): WebhookCourier {
    const courier = this.#couriers.get(name);
    if (courier !== undefined) return courier;
    throw new GroundplaneError(
      "WEBHOOK_NOT_FOUND",
      `no webhook is named "${name}". The project has: ${[...this.#couriers.keys()].join(", ") || "none"}.`,
      { facts: { webhook: name } },
    );
  }

  #waiting(definition: WebhookCourier["definition"], after: number): number {
    let sequence = after;
    for (let count = 0; count < COUNTED; count += 1) {
      const next = nextMessage(definition, this.#ports.journal, sequence);
      if (next.message === undefined) return count;
      sequence = next.sequence;
    }
    return COUNTED;
  }
}

/** What another process has is waited for: it may have been killed. */
async function deliverOnceFree(courier: WebhookCourier): Promise<WebhookDelivery> {
  const until = performance.now() + HOLD_MS + TAKEN_AGAIN_MS;
  for (;;) {
    const delivery = await courier.deliver();
    if (delivery.how !== "taken" || performance.now() > until) return delivery;
    await sleep(TAKEN_AGAIN_MS);
  }
}

/** Undefined for a project without webhooks, and, with a warning, where their file cannot be used: runs go on. */
export function openWebhooks(options: WebhooksOptions): Webhooks | undefined {
  if (options.project.definition.webhooks.length === 0) return undefined;
  try {
    return new Webhooks(options);
  } catch (error) {
    if (isGroundplaneError(error)) throw error;
    process.emitWarning(
      `no webhook is sent: ${join(options.project.dataFolder, "webhooks.db")} cannot be used (${String(error)}). Move it away to begin a new one.`,
      "GroundplaneWebhookWarning",
    );
    return undefined;
  }
}
