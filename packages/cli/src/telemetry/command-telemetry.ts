import type { EventListener } from "@groundplane/orchestrator";
import type { RunningTelemetry } from "./otlp-sdk.ts";
import { telemetrySettings } from "./telemetry-settings.ts";

export interface CommandTelemetryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Told at most once. */
  readonly warn: (message: string) => void;
  /** An endpoint that has not taken what is left after this long does not get it. @default 2,000 */
  readonly flushMs?: number;
}

/** Where this command's telemetry goes. Nothing that goes wrong here is an error of the command. */
export class CommandTelemetry {
  readonly #options: CommandTelemetryOptions;
  #running: Promise<RunningTelemetry | undefined> | undefined;
  #problem: string | undefined;

  constructor(options: CommandTelemetryOptions) {
    this.#options = options;
  }

  /** Starts it when it is first asked for. Undefined where no endpoint is set. */
  async listener(): Promise<EventListener | undefined> {
    this.#running ??= this.#start();
    return (await this.#running)?.onEvent;
  }

  /**
   * Sends what is left, and tells if that did not work.
   *
   * @returns false when something is still under way, which would keep the process alive.
   */
  async end(): Promise<boolean> {
    const running = await this.#running;
    const flushMs = this.#options.flushMs ?? 2_000;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), flushMs);
    });
    const ended = running?.shutdown().then(
      () => true,
      (error: unknown) => this.#failed(error),
    );
    const inTime = await Promise.race([ended ?? true, limit]);
    clearTimeout(timer);
    if (!inTime) this.#problem ??= `the OTLP endpoint did not take everything within ${flushMs / 1000} s`;
    if (this.#problem !== undefined) this.#options.warn(`telemetry is incomplete: ${this.#problem}`);
    return inTime;
  }

  async #start(): Promise<RunningTelemetry | undefined> {
    const { env, version } = this.#options;
    try {
      const settings = telemetrySettings(env, (problem) => {
        this.#problem = problem;
      });
      if (settings === undefined) return undefined;
      const { startOtlp } = await import("./otlp-sdk.ts");
      return await startOtlp(settings, {
        version,
        traceparent: env["TRACEPARENT"],
        onError: (error) => this.#failed(error),
      });
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /** An endpoint may hold a password, and an answer anything: only a code is told. */
  #failed(error: unknown): true {
    const code =
      typeof error === "object" && error !== null && "code" in error ? ` (${String(error.code)})` : "";
    this.#problem ??= `the OTLP endpoint could not be used${code}; see OTEL_EXPORTER_OTLP_ENDPOINT`;
    return true;
  }
}
