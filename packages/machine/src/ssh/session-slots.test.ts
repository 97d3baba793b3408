import { expect, test } from "vitest";
import { SessionSlots } from "./session-slots.ts";

test("no host has more sessions at once than the limit, and none waits for another host", async () => {
  const slots = new SessionSlots(2);
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const work = (host: string, fails: boolean) =>
    slots
      .use(host, async () => {
        running.set(host, (running.get(host) ?? 0) + 1);
        most.set(host, Math.max(most.get(host) ?? 0, running.get(host) ?? 0));
        await new Promise((go) => setTimeout(go, 2));
        running.set(host, (running.get(host) ?? 0) - 1);
        if (fails) throw new TypeError("no");
        return host;
      })
      .catch(() => "failed");
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, at) => work(at % 2 === 0 ? "a" : "b", at % 3 === 0)),
  );
  expect(results.filter((result) => result === "failed")).toHaveLength(4);
  expect([...most]).toEqual([
    ["a", 2],
    ["b", 2],
  ]);
});
