import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LeaseDocument, type LeaseParty, NEW_LEASE, readLease, writeLease } from "./lease-document.ts";
import { beat, inTheWay, join, take, without } from "./lease-transitions.ts";

const process = { host: "here", pid: 7 };
const party = (id: string): LeaseParty => ({ id, name: id, beat: 0, ttlMs: 1000, since: "then", process });
const nobody = (): boolean => false;

describe("a lease's document", () => {
  test("is given to the first, then in the order in which they came", () => {
    const held = take(NEW_LEASE, party("a"), nobody);
    if (held === undefined) return expect.unreachable();
    expect([held.fence, held.holder?.id]).toEqual([1, "a"]);
    const queued = join(join(held, party("b")), party("c"));
    expect(take(queued, party("b"), nobody)).toBeUndefined();
    const free = without(queued, "a");
    if (free === undefined) return expect.unreachable();
    expect(take(free, party("c"), nobody)).toBeUndefined();
    expect(take(free, party("newcomer"), nobody)).toBeUndefined();
    const next = take(free, party("b"), nobody);
    expect([next?.fence, next?.holder?.id, next?.queue.map(({ id }) => id)]).toEqual([2, "b", ["c"]]);
  });

  test("passes on over the dead, wherever they stand", () => {
    const queued = join(join({ ...NEW_LEASE, fence: 4, holder: party("a") }, party("b")), party("c"));
    const dead = ({ id }: LeaseParty): boolean => id !== "c";
    expect(inTheWay(queued, "c", dead)).toEqual([]);
    expect(take(queued, party("c"), dead)).toMatchObject({ fence: 5, holder: { id: "c" }, queue: [] });
    // A living one in the queue is not overtaken by a newcomer.
    expect(take(queued, party("newcomer"), dead)).toBeUndefined();
  });

  test("shows who lives, and knows who was taken for dead", () => {
    const queued = join({ ...NEW_LEASE, holder: party("a") }, party("b"));
    expect(beat(queued, "a")?.holder?.beat).toBe(1);
    expect(beat(queued, "b")?.queue[0]?.beat).toBe(1);
    expect(beat(queued, "c")).toBeUndefined();
    expect(without(queued, "c")).toBeUndefined();
  });

  test("survives writing, and what is no lease is not taken for a free one", () => {
    const document = join({ ...NEW_LEASE, fence: 3, holder: party("a") }, party("b"));
    expect(readLease("k", writeLease(document))).toEqual(document);
    for (const text of ["", "{", "null", '{"schema":"groundplane.dev/lease/v2","fence":1,"queue":[]}']) {
      expect(() => readLease("k", text)).toThrow(expect.objectContaining({ code: "LEASE_UNAVAILABLE" }));
    }
  });
});

/** What some of six do with one lease, in any order. Who dies says nothing any more. */
type Step = readonly ["take" | "join" | "leave" | "beat" | "die", number];
const steps = fc.array(
  fc.tuple(fc.constantFrom("take", "join", "leave", "beat", "die"), fc.nat(5)) as fc.Arbitrary<Step>,
  { maxLength: 80 },
);

test("at all times: one living holder at most, first come first served, fences only rise, the dead stop nobody", () => {
  fc.assert(
    fc.property(steps, (all) => {
      let document: LeaseDocument = NEW_LEASE;
      const dead = new Set<string>();
      const isDead = ({ id }: LeaseParty): boolean => dead.has(id);
      /** Who waits, by the test's own book. */
      let waiting: string[] = [];
      let holder: string | undefined;
      const fences: number[] = [];
      all.forEach(([what, who], index) => {
        const id = `p${who}`;
        if (dead.has(id)) return;
        const before = document.fence;
        if (what === "take") {
          const next = holder === id ? undefined : take(document, party(id), isDead);
          const first = waiting.find((other) => !dead.has(other));
          const may = (holder === undefined || dead.has(holder)) && (first === undefined || first === id);
          expect([index, next !== undefined]).toEqual([index, may && holder !== id]);
          if (next !== undefined) {
            document = next;
            holder = id;
            waiting = waiting.filter((other) => other !== id);
            fences.push(next.fence);
          }
        } else if (what === "join" && holder !== id) {
          document = join(document, party(id));
          if (!waiting.includes(id)) waiting.push(id);
        } else if (what === "leave") {
          document = without(document, id) ?? document;
          if (holder === id) holder = undefined;
          else waiting = waiting.filter((other) => other !== id);
        } else if (what === "beat") {
          document = beat(document, id) ?? document;
        } else if (what === "die") {
          dead.add(id);
        }
        expect(document.fence).toBeGreaterThanOrEqual(before);
        if (holder !== undefined) expect(document.holder?.id).toBe(holder);
        expect(document.queue.map((each) => each.id).filter((each) => !dead.has(each))).toEqual(
          waiting.filter((each) => !dead.has(each)),
        );
      });
      expect(fences).toEqual(fences.map((_, index) => index + 1));
      // However it stands: with everyone dead, the next one gets it.
      expect(take(document, party("last"), () => true)?.holder?.id).toBe("last");
    }),
    { numRuns: 500 },
  );
});
