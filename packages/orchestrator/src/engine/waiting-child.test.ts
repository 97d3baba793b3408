import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EngineMessage } from "./engine-request.ts";
import { preparingNext, WaitingChild } from "./waiting-child.ts";

// The child's own file is compiled; here any module that waits for a message will do.
vi.mock("node:child_process", async (load) => {
  const actual = await load<typeof import("node:child_process")>();
  return {
    ...actual,
    fork: vi.fn((_path: string, args: readonly string[], options: object) =>
      actual.fork(new URL("./waiting.fixture.mjs", import.meta.url), args, options),
    ),
  };
});
const { fork } = await import("node:child_process");

let children: WaitingChild;
beforeEach(() => {
  vi.mocked(fork).mockClear();
  children = new WaitingChild({ PATH: process.env["PATH"] ?? "" });
});
afterEach(() => children.close());

const forked = () => vi.mocked(fork).mock.results.map(({ value }) => value);

describe("WaitingChild", () => {
  test("hands out the one that waits, once", async () => {
    children.prepare();
    children.prepare();
    expect(fork).toHaveBeenCalledTimes(1);
    const [waiting] = forked();
    const taken = children.take();
    expect(taken).toBe(waiting);
    const other = children.take();
    expect(other).not.toBe(taken);
    for (const child of [taken, other]) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });

  test("does not hand out one that died while it waited", async () => {
    children.prepare();
    const [dead] = forked();
    dead.kill("SIGKILL");
    await once(dead, "exit");
    const taken = children.take();
    expect(taken).not.toBe(dead);
    taken.kill("SIGKILL");
    await once(taken, "exit");
  });

  test("ends the one that waits, and makes no other", async () => {
    children.prepare();
    const [waiting] = forked();
    children.close();
    await once(waiting, "exit");
    expect(waiting.signalCode).toBe("SIGKILL");
    children.prepare();
    expect(fork).toHaveBeenCalledTimes(1);
  });

  test("one whose parent is gone ends by itself", async () => {
    children.prepare();
    const [waiting] = forked();
    // What it sees of a parent that was killed.
    waiting.disconnect();
    await once(waiting, "exit");
    expect(waiting.exitCode).toBe(0);
  });
});

test("the next child starts with the first change, and every message is passed on", () => {
  const prepare = vi.spyOn(children, "prepare");
  const heard: EngineMessage[] = [];
  const listener = preparingNext(children, (message) => heard.push(message));
  const message = (operation: string): EngineMessage => ({
    kind: "step.started",
    step: { operation, urn: "urn:a", type: "t", planning: true, keys: [] },
  });
  for (const operation of ["same", "read", "refresh"]) listener(message(operation));
  listener({ kind: "summary", counts: {}, packs: [] });
  expect(prepare).not.toHaveBeenCalled();
  listener(message("create"));
  expect(prepare).toHaveBeenCalled();
  expect(heard).toHaveLength(5);
});
