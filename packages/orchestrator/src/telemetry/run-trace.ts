import { createHash, randomBytes } from "node:crypto";
import type { SpanContext } from "@opentelemetry/api";

/**
 * The context of a run's first span. It follows from the run's id, so that every process which works on the run
 * adds to the same trace, and whoever knows the run can find it.
 */
export function runSpanContext(run: string): SpanContext {
  const hash = createHash("sha256").update(run).digest("hex");
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48), traceFlags: 1, isRemote: true };
}

/**
 * Random ids as the SDK makes them, but for the first span of a run, which gets those of `runSpanContext`. Given
 * to the SDK's tracer provider as its `idGenerator`, and to `openTelemetry`.
 */
export class RunIds {
  #run: SpanContext | undefined;

  /** Starts the first span of a run. */
  beginRun<Started>(run: string, start: () => Started): Started {
    this.#run = runSpanContext(run);
    try {
      return start();
    } finally {
      this.#run = undefined;
    }
  }

  generateSpanId(): string {
    return this.#run?.spanId ?? randomHex(8);
  }

  generateTraceId(): string {
    return this.#run?.traceId ?? randomHex(16);
  }
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
