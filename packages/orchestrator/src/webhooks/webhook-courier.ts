import { deliverWaiting, type WebhookDelivery, type WebhookPorts } from "./deliver-waiting.ts";
import type { WebhookDefinition } from "./webhook-definition.ts";

/** Another process delivers: what came after it looked is looked for again. */
export const TAKEN_AGAIN_MS = 200;

/** Delivers to one endpoint in the background, one message at a time. */
export class WebhookCourier {
  readonly definition: WebhookDefinition;
  readonly #ports: WebhookPorts;
  readonly #stop = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #isPending = false;
  #isClosing = false;
  #timer: NodeJS.Timeout | undefined;
  /** Messages that were delivered without anyone asking. */
  #inBackground = 0;

  constructor(definition: WebhookDefinition, ports: WebhookPorts) {
    this.definition = definition;
    this.#ports = ports;
  }

  /** There may be something to deliver. */
  wake(): void {
    if (this.#isPending || this.#isClosing) return;
    const { disabled, nextAttemptAt } = this.#ports.cursors.cursor(this.definition.name);
    const waitMs = nextAttemptAt - this.#ports.clock().getTime();
    if (disabled) return;
    if (waitMs > 0) this.#wakeIn(waitMs);
    else {
      this.#isPending = true;
      void this.#deliverNext().then((delivery) => {
        this.#inBackground += delivery.delivered;
        this.#goOn(delivery);
      });
    }
  }

  /** Delivers what waits, after what is under way, and tells all that was delivered since it was last asked. */
  async deliver(): Promise<WebhookDelivery> {
    const delivery = await this.#deliverNext();
    const delivered = delivery.delivered + this.#inBackground;
    this.#inBackground = 0;
    return { ...delivery, delivered };
  }

  #deliverNext(): Promise<WebhookDelivery> {
    const next = this.#last.then(() => {
      this.#isPending = false;
      return deliverWaiting(this.definition, this.#ports, this.#stop.signal);
    });
    this.#last = next;
    return next;
  }

  /** Delivers what came last, unless the endpoint is failing: that can wait. */
  async finish(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    await this.#last;
    while (!this.#stop.signal.aborted) {
      const { disabled, nextAttemptAt } = this.#ports.cursors.cursor(this.definition.name);
      if (disabled || nextAttemptAt > this.#ports.clock().getTime()) return;
      if ((await this.deliver()).how !== "taken") return;
      await new Promise((resolve) => setTimeout(resolve, TAKEN_AGAIN_MS));
    }
  }

  /** Ends what is under way. */
  stop(): void {
    this.#stop.abort();
  }

  #goOn({ how }: WebhookDelivery): void {
    if (how === "taken") this.#wakeIn(TAKEN_AGAIN_MS);
    // `wake` finds out when the next attempt is due.
    if (how === "failed") this.#wakeIn(0);
    if (how === "disabled") {
      process.emitWarning(
        `webhook "${this.definition.name}": its receiver answered 410, so nothing more is sent. "groundplane webhooks deliver ${this.definition.name}" begins again.`,
        "GroundplaneWebhookWarning",
      );
    }
  }

  #wakeIn(milliseconds: number): void {
    if (this.#isClosing) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), milliseconds);
    // A receiver that is away must not keep the process.
    this.#timer.unref();
  }
}
