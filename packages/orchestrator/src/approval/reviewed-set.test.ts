import type { RunRecord } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { runRecord } from "../../../../test/run-record.ts";
import { requireLookedAt, reviewedSetAt } from "./reviewed-set.ts";

const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 21, 9, minutes)).toISOString();
const SHA = "a".repeat(64);

/** A run of a stack that was begun at a minute, and waits from the next one on. */
function waiting(stack: string, minute: number, change: Partial<RunRecord> = {}): RunRecord {
  const { outcome: _outcome, ...run } = runRecord();
  return {
    ...run,
    id: `run-20261121-09${String(minute).padStart(2, "0")}00-${stack.padEnd(6, "0").slice(0, 6)}`,
    stack,
    environment: "prod",
    state: "WAIT_FOR_APPROVE",
    createdAt: at(minute),
    timeline: [
      { state: "PENDING", at: at(minute) },
      { state: "WAIT_FOR_APPROVE", at: at(minute + 1) },
    ],
    expiresAt: at(50),
    digest: { digest: `sha256:${SHA}`, parts: {} as never },
    ...change,
  };
}

function ended(run: RunRecord, minute: number, outcome: NonNullable<RunRecord["outcome"]>): RunRecord {
  return { ...run, state: "DONE", outcome, timeline: [...run.timeline, { state: "DONE", at: at(minute) }] };
}

describe("a reviewed set", () => {
  test("has the newest waiting run of each stack of the environment, by stack", () => {
    const set = reviewedSetAt(
      "prod",
      [
        waiting("network", 5),
        waiting("network", 3),
        waiting("app", 4),
        waiting("dns", 1, { environment: "dev" }),
        ended(waiting("data", 1), 4, "applied"),
        waiting("logs", 1, { expiresAt: at(6) }),
        waiting("late", 20),
      ],
      at(10),
    );
    expect(set.runs.map(({ stack, createdAt }) => [stack, createdAt])).toEqual([
      ["app", at(4)],
      ["network", at(5)],
    ]);
  });

  test("its digest is of runs, digests and environment, and of nothing else", () => {
    const runs = [waiting("network", 5), waiting("app", 4)];
    const { digest } = reviewedSetAt("prod", runs, at(10));
    expect(reviewedSetAt("prod", runs.toReversed(), at(12)).digest).toBe(digest);
    const decided = runs.map((run) => ({ ...run, approvalsMissing: 1 }));
    expect(reviewedSetAt("prod", decided, at(10)).digest).toBe(digest);
    const others = [
      reviewedSetAt("prod", runs.slice(1), at(10)),
      reviewedSetAt(
        "prod",
        [
          waiting("network", 5),
          waiting("app", 4, { digest: { digest: `sha256:${"b".repeat(64)}`, parts: {} as never } }),
        ],
        at(10),
      ),
      reviewedSetAt("prod", [waiting("network", 6), waiting("app", 4)], at(10)),
      reviewedSetAt(
        "dev",
        [waiting("network", 5, { environment: "dev" }), waiting("app", 4, { environment: "dev" })],
        at(10),
      ),
    ];
    expect(new Set([digest, ...others.map((set) => set.digest)]).size).toBe(5);
  });
});

describe("a set that is not the one that was looked at", () => {
  const [network, app] = [waiting("network", 5), waiting("app", 4)];
  const { digest } = reviewedSetAt("prod", [network, app], at(10));
  const moved = (runs: readonly RunRecord[], minute = 20) => {
    try {
      requireLookedAt("prod", runs, digest, at(minute));
      return "nothing";
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "APPROVAL_VOID")) throw error;
      return error.message.match(/: (.*)\. Nothing was approved/)?.[1];
    }
  };

  test("is refused with what came", () => {
    const late = waiting("late", 15);
    expect(moved([late, network, app])).toBe(`late (${late.id}) was not in it`);
  });

  test("is refused with what was decided, replaced or lapsed", () => {
    expect(moved([ended(network, 12, "rejected"), app])).toBe(`network (${network.id}) is rejected`);
    const newer = waiting("app", 14);
    expect(moved([newer, network, app])).toBe(
      `app (${newer.id}) was not in it; app (${app.id}) was replaced by a newer one`,
    );
    expect(moved([network, { ...app, expiresAt: at(18) }])).toBe(`app (${app.id}) has lapsed`);
  });

  test("is refused when there never was one with that digest", () => {
    expect(moved([waiting("network", 6)])).toBe("there was none with it");
  });

  test("the same set is let through", () => {
    expect(moved([network, app])).toBe("nothing");
  });
});
