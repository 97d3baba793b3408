import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Decision } from "@groundplane/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCloud } from "../in-cloud.ts";
import { TestProject } from "../project.ts";
import { ONE_VPC } from "./one-vpc.ts";

let project: TestProject;
const OTHER = 'policyPacks: [], approval: { type: "other-person", expiresAfterMinutes: 60 },';

beforeAll(async () => {
  project = await TestProject.create(
    ["gate", "next", "forged", "plugin"].map((name) => ({ name, more: OTHER })),
  );
  await project.write("stacks/base/index.ts", ONE_VPC);
});
afterAll(() => project.remove());

const base = (environment: string) => ({ stack: "base", environment, requester: "ann" });
const journalFile = () => join(project.root, ".groundplane/journal.db");

function vpcs(environment: string): number {
  return inCloud(project.root, environment, (store) => store.list({ type: "aws:ec2/vpc:Vpc" }).length);
}

describe("an approval is refused", () => {
  test("self-given, however it is spelled, by nobody, or for a run that there is not", async () => {
    await project.use(async (orchestrator) => {
      const { id, state } = await orchestrator.deploy(base("gate"));
      expect(state).toBe("WAIT_FOR_APPROVE");
      for (const by of ["ann", "ANN", "Ann"]) {
        await expect(orchestrator.approve({ run: id, by })).rejects.toMatchObject({
          code: "APPROVAL_REFUSED",
          message: expect.stringContaining("someone other than the requester"),
        });
      }
      // Blanks, look-alikes and control characters would make another person of the same one.
      for (const by of [
        "",
        " ann",
        "ann ",
        "аnn",
        "ann\u0000",
        "ann\u200b",
        "-ann",
        "ann\u001b[2K",
        "__proto__ ",
        "a".repeat(200),
      ]) {
        await expect(orchestrator.approve({ run: id, by }), JSON.stringify(by)).rejects.toMatchObject({
          code: "INVALID_ARGUMENT",
        });
      }
      const another = `${id.slice(0, -6)}000000`;
      for (const run of [
        another,
        `../${id}`,
        `${id}/../${id}`,
        `${id}\u0000`,
        id.toUpperCase(),
        "",
        "__proto__",
      ]) {
        await expect(orchestrator.approve({ run, by: "ben" }), run).rejects.toMatchObject({
          code: "RUN_NOT_FOUND",
        });
      }
      expect(orchestrator.run(id)).toMatchObject({
        state: "WAIT_FOR_APPROVE",
        decisions: [],
        approvalsMissing: 1,
      });
      expect(vpcs("gate")).toBe(0);
    });
  });

  test("replayed: it is used once, for the run that it was given to", async () => {
    await project.use(async (orchestrator, events) => {
      const first = await orchestrator.deploy(base("next"));
      const second = await orchestrator.deploy(base("next"));
      expect(second.digest?.digest).not.toBe(first.digest?.digest);
      expect((await orchestrator.approve({ run: first.id, by: "ben" })).outcome).toBe("applied");
      // The same once more; and what was reviewed in the same state, before that moved.
      await expect(orchestrator.approve({ run: first.id, by: "ben" })).rejects.toMatchObject({
        code: "RUN_STATE_CONFLICT",
      });
      await expect(orchestrator.approve({ run: first.id, by: "cem" })).rejects.toMatchObject({
        code: "RUN_STATE_CONFLICT",
      });
      const stale = await orchestrator.approve({ run: second.id, by: "ben" });
      expect([stale.outcome, stale.reason?.code]).toEqual(["expired", "APPROVAL_VOID"]);
      expect(stale.reason?.message).toContain("state");
      expect(events.filter(({ name }) => name === "stack.up.started")).toHaveLength(1);
      expect(vpcs("next")).toBe(1);
    });
  });

  test("given, and begun only after its time", async () => {
    let now = new Date("2026-01-01T10:00:00Z");
    await project.use(
      async (orchestrator, events) => {
        const { id } = await orchestrator.deploy(base("gate"));
        expect((await orchestrator.approve({ run: id, by: "ben", apply: false })).approvalsMissing).toBe(0);
        now = new Date("2026-01-01T11:00:00Z");
        const ended = await orchestrator.approve({ run: id, by: "ben" });
        expect([ended.outcome, ended.reason?.code]).toEqual(["expired", "APPROVAL_VOID"]);
        expect(ended.reason?.message).toContain("2026-01-01T11:00:00.000Z");
        expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
      },
      { clock: () => now },
    );
  });
});

interface Row {
  readonly sequence: number;
  readonly run: string;
  readonly fact: string;
}

/** Changes the journal's file as someone would who may write to it. The triggers only stop accidents. */
function forge(work: (database: DatabaseSync, rows: readonly Row[]) => void): void {
  const database = new DatabaseSync(journalFile());
  try {
    database.exec("DROP TRIGGER entries_are_not_updated; DROP TRIGGER entries_are_not_deleted;");
    const rows = database
      .prepare("SELECT sequence, run, fact FROM entries ORDER BY sequence")
      .all()
      .map(
        (row): Row => ({
          sequence: Number(row["sequence"]),
          run: String(row["run"]),
          fact: String(row["fact"]),
        }),
      );
    work(database, rows);
  } finally {
    database.close();
  }
}

function journalRows(): readonly unknown[] {
  const database = new DatabaseSync(journalFile());
  try {
    return database.prepare("SELECT * FROM entries ORDER BY sequence").all();
  } finally {
    database.close();
  }
}

const decisionFact = (decision: Decision): string => JSON.stringify({ type: "decision.made", decision });

describe("a decision that was written into the journal's file", () => {
  let waiting = "";
  let digest = "";
  beforeAll(async () => {
    await project.use(async (orchestrator) => {
      const run = await orchestrator.deploy(base("forged"));
      waiting = run.id;
      digest = run.digest?.digest ?? "";
    });
  });

  const decision = (by: string, of = digest): Decision => ({
    by,
    verdict: "approve",
    digest: of as Decision["digest"],
    at: "2026-01-01T10:00:00.000Z",
  });

  function append(database: DatabaseSync, run: string, fact: string): void {
    database
      .prepare(
        `INSERT INTO entries (sequence, run, at, fact, previous, hash)
         SELECT sequence + 1, ?, at, ?, hash, 'sha256:' || printf('%064d', sequence) FROM entries ORDER BY sequence DESC LIMIT 1`,
      )
      .run(run, fact);
  }

  const FORGERIES: readonly { readonly name: string; readonly forge: () => void }[] = [
    {
      name: "as a new row",
      forge: () => forge((database) => append(database, waiting, decisionFact(decision("ben")))),
    },
    {
      name: "in the place of another entry",
      forge: () =>
        forge((database, rows) => {
          const opened = rows.findLast(
            ({ run, fact }) => run === waiting && fact.includes("artifact.stored"),
          );
          database
            .prepare("UPDATE entries SET fact = ? WHERE sequence = ?")
            .run(decisionFact(decision("ben")), opened?.sequence ?? 0);
        }),
    },
    {
      name: "by moving one of another run here",
      forge: () =>
        forge((database, rows) => {
          const made = rows.findLast(({ run, fact }) => run !== waiting && fact.includes("decision.made"));
          expect(made).toBeDefined();
          database.prepare("UPDATE entries SET run = ? WHERE sequence = ?").run(waiting, made?.sequence ?? 0);
        }),
    },
    {
      name: "by making the rule another one",
      forge: () =>
        forge((database, rows) => {
          const requested = rows.find(({ run, fact }) => run === waiting && fact.includes("run.requested"));
          database
            .prepare("UPDATE entries SET fact = ? WHERE sequence = ?")
            .run(requested?.fact.replace("other-person", "any-person") ?? "", requested?.sequence ?? 0);
        }),
    },
    {
      name: "after an entry was taken out",
      forge: () =>
        forge((database, rows) => {
          database.prepare("DELETE FROM runs").run();
          database.prepare("DELETE FROM entries WHERE sequence = ?").run(rows[0]?.sequence ?? 0);
        }),
    },
  ];

  test.each(FORGERIES)(
    "$name applies nothing, and nothing more is written on that journal",
    async ({ forge: doForge }) => {
      const kept = join(project.root, "kept.db");
      // The orchestrators are closed: SQLite has put everything into the one file.
      await cp(journalFile(), kept);
      doForge();
      try {
        const forged = journalRows();
        await project.use(async (orchestrator, events) => {
          expect(() => orchestrator.verifyJournal()).toThrow(
            expect.objectContaining({
              code: "JOURNAL_CORRUPT",
              message: expect.stringContaining("does not fit the chain"),
            }),
          );
          // By someone else, and by the one whose approval was forged: "its approvals are complete, apply it".
          for (const by of ["ben", "cem"])
            await expect(orchestrator.approve({ run: waiting, by })).rejects.toMatchObject({
              code: expect.stringMatching(/^(JOURNAL_CORRUPT|RUN_NOT_FOUND)$/),
            });
          await expect(orchestrator.deploy(base("forged"))).rejects.toMatchObject({
            code: "JOURNAL_CORRUPT",
          });
          expect(events).toEqual([]);
        });
        expect(journalRows()).toEqual(forged);
        expect(vpcs("forged")).toBe(0);
      } finally {
        await cp(kept, journalFile());
      }
    },
  );

  test("as the last word, an approval for another digest counts for nothing", async () => {
    await project.use(async (orchestrator) => {
      const other = await orchestrator.deploy(base("forged"));
      await orchestrator.approve({ run: other.id, by: "ben", apply: false });
      expect(orchestrator.run(waiting)).toMatchObject({ approvalsMissing: 1 });
      expect((await orchestrator.cancel({ run: other.id, by: "ann" })).outcome).toBe("cancelled");
    });
  });
});

test("an approval is void when the provider's program changed", async () => {
  const plugins = join(project.root, ".groundplane/sandbox/pulumi-home/plugins");
  await project.use(async (orchestrator, events) => {
    const { id } = await orchestrator.deploy(base("plugin"));
    const [folder = ""] = await readdir(plugins);
    const program = join(plugins, folder, "pulumi-resource-aws");
    const before = await readFile(program, "utf8");
    await writeFile(program, `${before}# one byte more\n`);
    try {
      const ended = await orchestrator.approve({ run: id, by: "ben" });
      expect([ended.outcome, ended.reason?.code]).toEqual(["expired", "APPROVAL_VOID"]);
      expect(ended.reason?.message).toContain("providers");
      expect(events.map(({ name }) => name)).not.toContain("stack.up.started");
      expect(vpcs("plugin")).toBe(0);
    } finally {
      await writeFile(program, before);
    }
  });
});
