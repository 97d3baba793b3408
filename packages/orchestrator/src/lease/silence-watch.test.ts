import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type LeaseParty, newParty } from "./lease-document.ts";
import { ownProcessFacts, processVerdict } from "./process-facts.ts";
import { SilenceWatch } from "./silence-watch.ts";

const TTL = 8000;
/** One of another machine: only its beat tells. */
const elsewhere = (beat: number): LeaseParty => ({
  ...newParty("run", TTL),
  id: "elsewhere",
  beat,
  process: { host: "elsewhere", pid: 1, bootId: "b", pidNamespace: "n", startTicks: "1" },
});

function watchWithClock() {
  let now = 0;
  const watch = new SilenceWatch(() => now);
  return {
    verdictAfter: (passedMs: number, beat: number) => {
      now += passedMs;
      watch.look([elsewhere(beat)]);
      return watch.verdict(elsewhere(beat));
    },
  };
}

test("one whose beat goes up lives, and dies a time-out after the last one", () => {
  const { verdictAfter } = watchWithClock();
  expect(verdictAfter(0, 3)).toBe("unknown");
  expect(verdictAfter(900, 3)).toBe("unknown");
  expect(verdictAfter(900, 4)).toBe("living");
  for (let looks = 0; looks < 7; looks += 1) expect(verdictAfter(1000, 4)).toBe("living");
  expect(verdictAfter(999, 4)).toBe("living");
  expect(verdictAfter(1, 4)).toBe("dead");
  // It came back: whoever looks believes it again.
  expect(verdictAfter(1, 5)).toBe("living");
});

test("one who was stopped together with the other takes nobody for dead", () => {
  const { verdictAfter } = watchWithClock();
  verdictAfter(0, 1);
  expect(verdictAfter(3_600_000, 1)).toBe("unknown");
  expect(verdictAfter(3_600_000, 1)).toBe("unknown");
  expect(verdictAfter(10, 2)).toBe("living");
});

const onLinux = test.skipIf(process.platform !== "linux");

onLinux("a process of this machine is judged at once: running, stopped, or gone", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdout.write('up'); setInterval(() => {}, 1000)"]);
  await once(child.stdout, "data");
  const pid = child.pid ?? 0;
  const startTicks = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[21] ?? "";
  const facts = { ...ownProcessFacts(), pid, startTicks };
  expect(processVerdict(facts)).toBe("runs");
  // The same id, given out again.
  expect(processVerdict({ ...facts, startTicks: "1" })).toBe("gone");
  // Nothing can be said of another machine, boot or container, even with the same id.
  expect(processVerdict({ ...facts, host: "elsewhere", startTicks: "1" })).toBe("unknown");
  expect(processVerdict({ ...facts, bootId: "another", startTicks: "1" })).toBe("unknown");
  expect(processVerdict({ ...facts, pidNamespace: "pid:[1]", startTicks: "1" })).toBe("unknown");
  expect(processVerdict({ host: facts.host, pid })).toBe("unknown");
  child.kill("SIGSTOP");
  await expect.poll(() => processVerdict(facts)).toBe("unknown");
  child.kill("SIGKILL");
  await once(child, "close");
  expect(processVerdict(facts)).toBe("gone");
});
