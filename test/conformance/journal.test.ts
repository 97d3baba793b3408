import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import type { JournalFact } from "@groundplane/contracts";
import { type Journal, MemoryJournal, SqliteJournal } from "@groundplane/orchestrator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeOf } from "../code-of.ts";
import { requestedRun } from "../run-record.ts";

const hash = `sha256:${"a".repeat(64)}`;
const run = (index: number): string => `run-20261121-050000-${String(index).padStart(6, "0")}`;
const requested = (stack = "net", environment = "dev") => requestedRun({ stack, environment });
const started = (fence: number): JournalFact => ({ type: "apply.started", fence, digest: hash });

let folder = "";
let file = "";
let open: Journal[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
  file = join(folder, "deeper", "journal.db");
});
afterEach(() => {
  for (const journal of open) journal.close();
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

function opened<Kind extends Journal>(journal: Kind): Kind {
  open.push(journal);
  return journal;
}

/** One row an adapter. */
const adapters: readonly (readonly [string, (clock?: () => Date) => Journal])[] = [
  ["MemoryJournal", (clock) => opened(new MemoryJournal(clock))],
  ["SqliteJournal", (clock) => opened(new SqliteJournal(file, clock))],
];

describe.each(adapters)("%s", (_name, create) => {
  test("hands back what was appended, in order, each run by itself", () => {
    const journal = create(() => new Date("2026-11-21T05:00:00.123Z"));
    const first = journal.append(run(1), requested(), 0);
    const other = journal.append(run(2), requested("app"), 0);
    const second = journal.append(run(1), started(1), 1);
    expect(journal.entries(run(1))).toEqual([first, second]);
    expect(journal.entries(run(2))).toEqual([other]);
    expect(journal.entries(run(3))).toEqual([]);
    expect([first, other, second].map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(second).toMatchObject({ run: run(1), at: "2026-11-21T05:00:00.123Z", fact: started(1) });
  });

  test("chains each entry to the one before, over all runs", () => {
    const journal = create();
    const entries = [1, 2, 3].map((index) => journal.append(run(index), requested(), 0));
    expect(entries[0]?.previous).toBe(`sha256:${"0".repeat(64)}`);
    expect(entries[1]?.previous).toBe(entries[0]?.hash);
    expect(entries[2]?.previous).toBe(entries[1]?.hash);
    expect(new Set(entries.map((entry) => entry.hash)).size).toBe(3);
    expect(journal.verify()).toEqual({ entries: 3 });
  });

  test.each([0, 2, -1])(
    "fails when the caller thinks that a run of one entry has %d, and appends nothing",
    (expected) => {
      const journal = create();
      journal.append(run(1), requested(), 0);
      expect(codeOf(() => journal.append(run(1), started(1), expected))).toBe("RUN_STATE_CONFLICT");
      expect(journal.entries(run(1))).toHaveLength(1);
      expect(journal.append(run(1), started(1), 1).sequence).toBe(2);
      expect(journal.verify()).toEqual({ entries: 2 });
    },
  );

  test.each<[string, JournalFact]>([
    [
      "has a comment that is too long",
      {
        type: "decision.made",
        decision: {
          by: "ann",
          verdict: "approve",
          digest: hash,
          at: "2026-11-21T05:00:00.000Z",
          comment: "c".repeat(2001),
        },
      },
    ],
    ["is by someone who is no actor", { ...requested(), requester: "--all" }],
    ["has a fence that is none", started(0)],
  ])("fails when a fact %s: it could never be read back", (_why, fact) => {
    const journal = create();
    journal.append(run(1), requested(), 0);
    expect(codeOf(() => journal.append(run(1), fact, 1))).toBe("INVALID_ARGUMENT");
    expect(journal.entries(run(1))).toHaveLength(1);
    expect(journal.verify()).toEqual({ entries: 1 });
  });

  test("stores no more of a fact than its schema knows", () => {
    const journal = create();
    const more = { ...requested(), password: "hunter2" };
    journal.append(run(1), more, 0);
    expect(JSON.stringify(journal.entries(run(1)))).not.toContain("hunter2");
    expect(journal.verify()).toEqual({ entries: 1 });
  });

  test("lists runs, newest first, by stack and environment", () => {
    const journal = create();
    journal.append(run(1), requested("net", "dev"), 0);
    journal.append(run(2), requested("app", "dev"), 0);
    journal.append(run(3), requested("net", "prod"), 0);
    journal.append(run(1), started(1), 1);
    expect(journal.runs()).toEqual([run(3), run(2), run(1)]);
    expect(journal.runs({ stack: "net" })).toEqual([run(3), run(1)]);
    expect(journal.runs({ environment: "dev" })).toEqual([run(2), run(1)]);
    expect(journal.runs({ stack: "net", environment: "dev" })).toEqual([run(1)]);
    expect(journal.runs({ stack: "none" })).toEqual([]);
    expect(journal.runs({ limit: 2 })).toEqual([run(3), run(2)]);
  });

  test("reads on from any entry, over all runs, and knows its end", () => {
    const journal = create();
    expect([journal.lastSequence(), journal.entriesAfter(0, 10)]).toEqual([0, []]);
    const entries = [
      journal.append(run(1), requested(), 0),
      journal.append(run(2), requested("app"), 0),
      journal.append(run(1), started(1), 1),
    ];
    expect(journal.lastSequence()).toBe(3);
    expect(journal.entriesAfter(0, 10)).toEqual(entries);
    expect(journal.entriesAfter(1, 1)).toEqual([entries[1]]);
    expect(journal.entriesAfter(2, 10)).toEqual([entries[2]]);
    expect(journal.entriesAfter(3, 10)).toEqual([]);
  });

  test("lists 20 runs unless told otherwise", () => {
    const journal = create();
    for (let index = 0; index < 25; index += 1) journal.append(run(index), requested(), 0);
    expect(journal.runs()).toHaveLength(20);
    expect(journal.runs({ limit: 25 })).toHaveLength(25);
  });

  test("an empty journal is a whole one", () => {
    expect(create().verify()).toEqual({ entries: 0 });
  });
});

describe("SqliteJournal on disk", () => {
  /** Another program at the file, with the triggers out of the way. */
  function tamper(sql: string): void {
    const database = new DatabaseSync(file);
    database.exec("DROP TRIGGER entries_are_not_updated; DROP TRIGGER entries_are_not_deleted;");
    database.exec(sql);
    database.close();
  }

  function filled(): SqliteJournal {
    const journal = opened(new SqliteJournal(file));
    journal.append(run(1), requested(), 0);
    for (let fence = 1; fence <= 3; fence += 1) journal.append(run(1), started(fence), fence);
    return journal;
  }

  test("is found again by the next process", () => {
    const entries = filled().entries(run(1));
    const again = opened(new SqliteJournal(file));
    expect(again.entries(run(1))).toEqual(entries);
    expect(again.append(run(1), started(4), 4).previous).toBe(entries.at(-1)?.hash);
    expect(again.verify()).toEqual({ entries: 5 });
  });

  test.each([
    [
      "a byte of a fact",
      `UPDATE entries SET fact = replace(fact, '"fence":2', '"fence":9') WHERE sequence = 3`,
    ],
    ["a time", "UPDATE entries SET at = '2020-01-01T00:00:00.000Z' WHERE sequence = 2"],
    ["whose entry it is", `UPDATE entries SET run = '${run(9)}' WHERE sequence = 2`],
    ["a hash", `UPDATE entries SET hash = 'sha256:${"b".repeat(64)}' WHERE sequence = 4`],
    [
      "the fact to something that is none",
      `UPDATE entries SET fact = '{"type":"run.deleted"}' WHERE sequence = 2`,
    ],
    ["the fact to something that is no JSON", "UPDATE entries SET fact = '{' WHERE sequence = 2"],
    ["the number of entries, in the middle", "DELETE FROM entries WHERE sequence = 2"],
  ])("fails when someone changed %s behind its back", (_what, sql) => {
    const journal = filled();
    expect(journal.verify()).toEqual({ entries: 4 });
    tamper(sql);
    expect(codeOf(() => journal.verify())).toBe("JOURNAL_CORRUPT");
  });

  test.each(["UPDATE entries SET at = at", "DELETE FROM entries WHERE sequence = 4"])(
    "the file itself refuses %s",
    (sql) => {
      const journal = filled();
      const other = new DatabaseSync(file);
      expect(() => other.exec(sql)).toThrow("the journal is append-only");
      other.close();
      expect(journal.verify()).toEqual({ entries: 4 });
    },
  );

  test("fails when the file is no database", () => {
    const garbage = join(folder, "garbage.db");
    writeFileSync(garbage, "not a database, however long one looks at it".repeat(100));
    expect(codeOf(() => new SqliteJournal(garbage))).toBe("JOURNAL_CORRUPT");
  });
});

describe("SqliteJournal and other processes", () => {
  /** A process that opens the journal, says so, and then runs this code with `journal`, `run` and `facts`. */
  function writer(code: string): ChildProcess {
    const program = `
      import { SqliteJournal } from "@groundplane/orchestrator";
      const journal = new SqliteJournal(${JSON.stringify(file)});
      const requested = ${JSON.stringify(requested())};
      const started = (fence) => ({ type: "apply.started", fence, digest: ${JSON.stringify(hash)} });
      const tell = (text) => new Promise((done) => process.stdout.write(text + "\\n", done));
      ${code}`;
    return spawn(
      process.execPath,
      ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", program],
      {
        cwd: import.meta.dirname,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
  }

  test("two that append at once lose nothing", { timeout: 60_000 }, async () => {
    const each = 100;
    const loop = (id: string): string => `
      journal.append("${id}", requested, 0);
      for (let count = 1; count < ${each}; count += 1) journal.append("${id}", started(count), count);`;
    const writers = [writer(loop(run(1))), writer(loop(run(2)))];
    expect(await Promise.all(writers.map(async (child) => (await once(child, "exit"))[0]))).toEqual([0, 0]);
    const journal = opened(new SqliteJournal(file));
    expect(journal.entries(run(1))).toHaveLength(each);
    expect(journal.entries(run(2))).toHaveLength(each);
    expect(journal.verify()).toEqual({ entries: 2 * each });
  });

  test("two that append to one run never both have the same place", { timeout: 60_000 }, async () => {
    const wanted = 50;
    opened(new SqliteJournal(file)).append(run(1), requested(), 0);
    const loop = (fence: number): string => `
      let mine = 0;
      while (mine < ${wanted}) {
        try { journal.append("${run(1)}", started(${fence}), journal.entries("${run(1)}").length); mine += 1; }
        catch (error) { if (error.code !== "RUN_STATE_CONFLICT") throw error; }
      }`;
    const writers = [writer(loop(1)), writer(loop(2))];
    expect(await Promise.all(writers.map(async (child) => (await once(child, "exit"))[0]))).toEqual([0, 0]);
    const journal = opened(new SqliteJournal(file));
    const fences = journal
      .entries(run(1))
      .flatMap(({ fact }) => (fact.type === "apply.started" ? [fact.fence] : []));
    expect([1, 2].map((fence) => fences.filter((found) => found === fence).length)).toEqual([wanted, wanted]);
    expect(journal.verify()).toEqual({ entries: 2 * wanted + 1 });
  });

  test("one that is killed in the middle of its appends leaves everything it was told of", {
    timeout: 60_000,
  }, async () => {
    const loop = (id: string): string => `
      journal.append("${id}", requested, 0);
      for (let count = 1; ; count += 1) { journal.append("${id}", started(count), count); await tell(String(count + 1)); }`;
    let before = 0;
    for (const round of [1, 2, 3]) {
      const child = writer(loop(run(round)));
      let told = 0;
      if (child.stdout === null) throw new TypeError("no output to listen to");
      for await (const line of createInterface(child.stdout)) {
        told = Number(line);
        if (told === 10 * round) child.kill("SIGKILL");
      }
      expect(child.signalCode ?? (await once(child, "exit"))[1]).toBe("SIGKILL");
      const journal = opened(new SqliteJournal(file));
      const entries = journal.entries(run(round)).length;
      expect(told).toBeGreaterThanOrEqual(10 * round);
      // At most the one that it was writing when it died stands beyond what it told.
      expect(entries - told).toBeGreaterThanOrEqual(0);
      expect(entries - told).toBeLessThanOrEqual(1);
      expect(journal.verify()).toEqual({ entries: before + entries });
      before += entries;
    }
  });
});
