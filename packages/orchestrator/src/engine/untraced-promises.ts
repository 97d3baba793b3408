// Imported by the processes in which programs run, before they do.
import { createRequire } from "node:module";

/**
 * The SDK keeps a stack trace with each of its promises, some tens for every resource, and shows it with
 * PULUMI_DEBUG_PROMISE_LEAKS alone, which no process of ours is given. To trace takes two thirds of the time in which
 * components are made. Everything else that it does for the promise stays, its count of unsettled ones first.
 */
function leaveOutTraces(promises: Record<string, unknown>): void {
  const { debuggablePromise } = promises;
  if (typeof debuggablePromise !== "function") return;
  promises["debuggablePromise"] = (...promise: readonly unknown[]): unknown => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return Reflect.apply(debuggablePromise, undefined, promise);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

leaveOutTraces(createRequire(import.meta.url)("@pulumi/pulumi/runtime/debuggable.js"));
