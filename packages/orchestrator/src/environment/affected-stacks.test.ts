import type { RunRecord, Sha256 } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runRecord } from "../../../../test/run-record.ts";
import { affectedStacks, type StackFacts } from "./affected-stacks.ts";
import { graphs } from "./graphs.fixture.ts";
import type { StackGraph } from "./stack-graph.ts";

const graph: StackGraph = new Map([
  ["app", ["data"]],
  ["data", ["network"]],
  ["network", []],
  ["dns", []],
]);
const sha = (text: string): Sha256 =>
  `sha256:${Buffer.from(text).toString("hex").padEnd(64, "0").slice(0, 64)}`;
const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 21, 9, minutes)).toISOString();

/** What a stack's files are: the config's digest holds what its upstreams handed on. */
const partsOf =
  (program = "as it was"): StackFacts["parts"] =>
  (upstreams) => ({
    config: sha(`config ${JSON.stringify(upstreams)}`),
    environment: sha("environment"),
    program: sha(program),
    dependencies: sha("dependencies"),
    policyPacks: sha("packs"),
  });

/** A deployment that was begun at a minute, and ended in the next one. */
function deployed(stack: string, minute: number, change: Partial<RunRecord> = {}): RunRecord {
  const upstreams = Object.fromEntries((graph.get(stack) ?? []).map((need) => [need, sha(need)]));
  const other = { operation: "", changeSet: "", plan: "", state: "", providers: "", engine: "" };
  return runRecord({
    id: `run-20261121-09${String(minute).padStart(2, "0")}00-${stack.padEnd(6, "0").slice(0, 6)}`,
    stack,
    createdAt: at(minute),
    updatedAt: at(minute + 1),
    timeline: [
      { state: "PENDING", at: at(minute) },
      { state: "APPLYING", at: at(minute) },
      { state: "DONE", at: at(minute + 1) },
    ],
    upstreams,
    digest: { digest: sha("all"), parts: { ...other, ...partsOf()(upstreams) } },
    ...change,
  });
}

/** All deployed, one after the other; each stack may be told otherwise. */
function plan(
  change: Readonly<Record<string, Partial<StackFacts>>> = {},
  chosen: StackGraph = graph,
  of: StackGraph = graph,
) {
  const minutes: Readonly<Record<string, number>> = { network: 1, data: 3, app: 5, dns: 1 };
  const facts = new Map(
    [...of.keys()].map((stack): [string, StackFacts] => [
      stack,
      { runs: [deployed(stack, minutes[stack] ?? 1)], parts: partsOf(), ...change[stack] },
    ]),
  );
  return affectedStacks(of, chosen, facts);
}
const reasons = (result: ReturnType<typeof plan>) =>
  Object.fromEntries([...result.affected].map(([stack, { reason }]) => [stack, reason]));

describe("affectedStacks", () => {
  test("nothing is affected where all matches; each names its run", () => {
    const result = plan();
    expect(reasons(result)).toEqual({});
    expect(Object.fromEntries(result.unaffected)).toEqual({
      network: deployed("network", 1).id,
      data: deployed("data", 3).id,
      app: deployed("app", 5).id,
      dns: deployed("dns", 1).id,
    });
  });

  test("what changed is, with the parts that did, and all that stands behind it", () => {
    const result = plan({ data: { parts: partsOf("another") } });
    expect([...result.affected]).toEqual([
      ["data", { reason: "changed", run: deployed("data", 3).id, parts: ["program"] }],
      ["app", { reason: "upstream-affected", upstream: "data" }],
    ]);
    expect([...result.unaffected.keys()].sort()).toEqual(["dns", "network"]);
  });

  test("what was never deployed is, also after a destroy", () => {
    expect(reasons(plan({ dns: { runs: [] } }))).toEqual({ dns: "never-deployed" });
    const destroyed = deployed("dns", 9, { operation: "destroy" });
    expect(reasons(plan({ dns: { runs: [destroyed, deployed("dns", 1)] } }))).toEqual({
      dns: "never-deployed",
    });
  });

  test("what does not stand as its last good run left it is", () => {
    for (const change of [
      { outcome: "failed" },
      { outcome: "cancelled" },
      { outcome: "rolled-back" },
      { state: "APPLYING", outcome: undefined },
      { operation: "destroy", outcome: "failed" },
      { digest: undefined },
    ] as const) {
      const { outcome, digest, ...rest } = deployed("dns", 9, { ...change } as Partial<RunRecord>);
      const last: RunRecord = {
        ...rest,
        ...(outcome === undefined ? {} : { outcome }),
        ...(digest === undefined ? {} : { digest }),
      };
      expect([change, reasons(plan({ dns: { runs: [last, deployed("dns", 1)] } }))]).toEqual([
        change,
        { dns: "unsettled" },
      ]);
    }
    const { upstreams: _upstreams, ...unnoted } = deployed("data", 3);
    expect(reasons(plan({ data: { runs: [unnoted] } }))).toMatchObject({ data: "unsettled" });
  });

  test("runs that touched nothing do not count: reviews that lapsed, blocked runs, previews on what is not there", () => {
    const timeline = [{ state: "PENDING" as const, at: at(9) }];
    const nothing: readonly Partial<RunRecord>[] = [
      { timeline, outcome: "expired" },
      { timeline, outcome: "rejected" },
      { timeline, operation: "preview", outcome: "cancelled" },
      { timeline, operation: "preview", outcome: "unchanged", assumes: [] },
    ];
    for (const change of nothing) {
      expect(reasons(plan({ dns: { runs: [deployed("dns", 9, change), deployed("dns", 1)] } }))).toEqual({});
    }
    const preview = deployed("dns", 9, { timeline, operation: "preview", outcome: "unchanged" });
    expect(plan({ dns: { runs: [preview, deployed("dns", 1)] } }).unaffected.get("dns")).toBe(preview.id);
  });

  test("a stack is, when one that it needs was applied after its own run began", () => {
    const again = deployed("network", 4);
    expect([...plan({ network: { runs: [again, deployed("network", 1)] } }).affected]).toEqual([
      ["data", { reason: "upstream-applied", upstream: "network", run: again.id }],
      ["app", { reason: "upstream-affected", upstream: "data" }],
    ]);
    const { outcome: _outcome, ...failing } = deployed("network", 4, { outcome: "failed" });
    // Also where that stack is not asked for.
    const chosen: StackGraph = new Map([["data", []]]);
    expect(reasons(plan({ network: { runs: [{ ...failing, outcome: "failed" }] } }, chosen))).toEqual({
      data: "upstream-applied",
    });
  });

  test("tells each chosen stack once; what needs an affected one is affected, and nothing without a cause", () => {
    fc.assert(
      fc.property(graphs(10), fc.infiniteStream(fc.boolean()), (random, changes) => {
        const changed = new Set([...random.keys()].filter(() => changes.next().value === true));
        const result = affectedStacks(
          random,
          random,
          new Map(
            [...random].map(([stack, needs]): [string, StackFacts] => {
              const upstreams = Object.fromEntries(needs.map((need) => [need, sha(need)]));
              const run = deployed(stack, 1);
              const parts = { ...run.digest?.parts, ...partsOf()(upstreams) } as never;
              return [
                stack,
                {
                  // All at once: nobody's run ended after another one began.
                  runs: [
                    { ...run, updatedAt: run.createdAt, upstreams, digest: { digest: sha("all"), parts } },
                  ],
                  parts: partsOf(changed.has(stack) ? "another" : undefined),
                },
              ];
            }),
          ),
        );
        expect([...result.affected.keys(), ...result.unaffected.keys()].sort()).toEqual(
          [...random.keys()].sort(),
        );
        for (const [stack, needs] of random) {
          const cause = changed.has(stack) || needs.some((need) => result.affected.has(need));
          expect([stack, result.affected.has(stack)]).toEqual([stack, cause]);
        }
      }),
    );
  });
});
