import { createRequire } from "node:module";
import { expect, test } from "vitest";
import "./untraced-promises.ts";

const { debuggablePromise, leakedPromises, promiseDebugString } = createRequire(import.meta.url)(
  "@pulumi/pulumi/runtime/debuggable.js",
);

test("a promise of the pinned SDK has no trace, and everything else that the SDK gives it", async () => {
  const { stackTraceLimit } = Error;
  let settle: (value: string) => void = () => undefined;
  const promise = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const watched = debuggablePromise(promise, "it is watched");
  expect(promiseDebugString(promise)).toMatch(/^CONTEXT\(\d+\): it is watched\nSTACK_TRACE:\nError:? ?$/);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(leakedPromises()[0]).toEqual(new Set([promise]));
  settle("done");
  expect(await watched).toBe("done");

  const broken = new Error("broken");
  const failing = Promise.reject(broken);
  await expect(debuggablePromise(failing, "it fails")).rejects.toBe(broken);
  expect(broken).toHaveProperty("promise", failing);
  expect(broken.stack).toContain(import.meta.filename);
});
