import type { Fault, FaultOperation } from "../store/fault.ts";
import type { SandboxStore } from "../store/store.ts";
import { refusal } from "./refusal.ts";

/** Slows, fails or holds operations as the store's faults say. */
export class FaultGate {
  readonly #store: SandboxStore;
  readonly #cancelled = new AbortController();

  constructor(store: SandboxStore) {
    this.#store = store;
  }

  /** Ends every delay and hang with an error: the engine has cancelled. */
  cancel(): void {
    this.#cancelled.abort();
  }

  /**
   * @param timeoutSeconds - of the resource's `customTimeouts`; 0 is none
   */
  async run<T>(type: string, operation: FaultOperation, timeoutSeconds: number, work: () => T): Promise<T> {
    const struck = this.#store.strike(type, operation);
    for (const fault of struck) if (fault.moment === "before") await this.#suffer(fault, timeoutSeconds);
    const result = work();
    for (const fault of struck) if (fault.moment === "after") await this.#suffer(fault, timeoutSeconds);
    return result;
  }

  async #suffer(fault: Fault, timeoutSeconds: number): Promise<void> {
    const wait = fault.hang !== false ? Number.POSITIVE_INFINITY : fault.delayMs;
    const limit = timeoutSeconds > 0 ? timeoutSeconds * 1000 : Number.POSITIVE_INFINITY;
    if (wait > 0) await this.#sleep(Math.min(wait, limit), fault.hang !== "forever");
    if (wait > limit)
      throw refusal("RequestTimeout", `no answer within ${timeoutSeconds} s (fault ${fault.id})`);
    if (fault.error !== undefined) {
      const [, code = "InternalError", message = ""] = /^([\w.]+):\s*(.*)$/s.exec(fault.error) ?? [];
      throw refusal(code, `${message === "" ? fault.error : message} (fault ${fault.id})`);
    }
  }

  #sleep(milliseconds: number, cancellable: boolean): Promise<void> {
    const { signal } = this.#cancelled;
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(refusal("RequestCanceled", "the engine cancelled"));
      };
      const end = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      // A timer takes at most 2^31-1 ms; a hang is that long.
      const timer = setTimeout(end, Math.min(milliseconds, 2 ** 31 - 1));
      if (!cancellable) return;
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  }
}
