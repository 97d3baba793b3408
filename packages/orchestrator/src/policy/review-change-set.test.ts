import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChangeOperation, isGroundplaneError, type ReviewRequest } from "@groundplane/contracts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyChangeSet } from "../../../../test/change-set.ts";
import { codeOfLater } from "../../../../test/code-of.ts";
import { findPolicyPack, type PolicyPackFolder } from "./policy-pack.ts";
import { reviewChangeSet, rulesOfPacks } from "./review-change-set.ts";

const env = { PATH: process.env["PATH"] ?? "" };
let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "packs-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A pack whose module is this code. */
function packOf(
  code: string,
  more: { folder?: string; name?: string; exports?: string | null } = {},
): Promise<PolicyPackFolder> {
  const { folder = "pack", name = "pack", exports = "./index.js" } = more;
  mkdirSync(join(root, folder), { recursive: true });
  const manifest = { name, version: "1.2.3", type: "module", ...(exports === null ? {} : { exports }) };
  writeFileSync(join(root, folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(root, folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(join(root, folder, "index.js"), code);
  return findPolicyPack(`./${folder}`, root);
}

const finding = {
  rule: "no-vpc",
  title: "No VPC",
  severity: "high",
  enforcement: "mandatory",
  status: "violation",
  message: "a VPC",
  remedy: "none",
  pack: { name: "pack", version: "1.2.3" },
  foundBy: "change-set",
};
const answering = (answer: string): string =>
  `export const pack = { name: "pack", rules: [], review: async (request) => ${answer} };`;
const findingOf = (rule: string): string => answering(`[${JSON.stringify({ ...finding, rule })}]`);

function request(...operations: readonly ChangeOperation[]): ReviewRequest {
  return {
    exemptions: [],
    today: "2026-11-21",
    changeSet: emptyChangeSet({
      changes: operations.map((operation) => ({
        urn: `urn:${operation}`,
        type: "aws:ec2/vpc:Vpc",
        name: operation,
        operation,
        protect: false,
        holdsData: false,
        properties: [],
      })),
    }),
  };
}

async function whyItFailed(packs: readonly PolicyPackFolder[], timeLimitMs = 30_000): Promise<string> {
  try {
    return `answered ${JSON.stringify(await reviewChangeSet(packs, request("create"), env, timeLimitMs))}`;
  } catch (error) {
    if (!isGroundplaneError(error) || error.code !== "POLICY_PACK_FAILED") throw error;
    return String(error.facts["why"]);
  }
}

describe("reviewChangeSet", () => {
  test("hands each pack the change set, and back what it finds", async () => {
    const pack = await packOf(
      answering(
        `request.changeSet.changes.map(({ urn }) => ({ ...${JSON.stringify(finding)}, urn, message: request.today }))`,
      ),
    );
    expect(await reviewChangeSet([pack], request("create", "delete"), env)).toEqual([
      { ...finding, urn: "urn:create", message: "2026-11-21" },
      { ...finding, urn: "urn:delete", message: "2026-11-21" },
    ]);
  });

  test("takes no findings for none, and asks nobody without packs", async () => {
    expect(await reviewChangeSet([await packOf(answering("[]"))], request("delete"), env)).toEqual([]);
    expect(await reviewChangeSet([], request("delete"), env)).toEqual([]);
  });

  test("keeps the findings of two packs with one name", async () => {
    const packs = [
      await packOf(findingOf("one"), { folder: "one" }),
      await packOf(findingOf("two"), { folder: "two" }),
    ];
    expect((await reviewChangeSet(packs, request("create"), env)).map(({ rule }) => rule)).toEqual([
      "one",
      "two",
    ]);
  });

  test("does not load a pack that is written for the engine alone, and says what that means", async () => {
    const pack = await packOf("process.exit(1);", { exports: null });
    const notEvaluated = { rule: "engine-only-pack", status: "not-evaluated", foundBy: "pipeline" };
    expect(await reviewChangeSet([pack], request("create", "update"), env)).toMatchObject([
      { ...notEvaluated, enforcement: "advisory" },
    ]);
    for (const operation of ["delete", "replace"] as const)
      expect(await reviewChangeSet([pack], request("create", operation), env)).toMatchObject([
        { ...notEvaluated, enforcement: "mandatory" },
      ]);
  });

  test("takes a pack without a review for one of the engine alone", async () => {
    const pack = await packOf('export const pack = { name: "pack" };');
    expect(await reviewChangeSet([pack], request("delete"), env)).toMatchObject([
      { enforcement: "mandatory", status: "not-evaluated" },
    ]);
  });

  test.each([
    ["throws when it is loaded", "throw new Error('broken rule');", /broken rule/],
    ["is no JavaScript", "export const pack = {", /./],
    ["imports what is not there", 'import "./gone.js";', /gone\.js/],
    ["throws in its review", answering("{ throw new Error('broken rule'); }"), /broken rule/],
    ["throws something that is no error", answering("{ throw 'broken rule'; }"), /broken rule/],
    [
      "rejects where nobody looks",
      answering("{ Promise.reject(new Error('x')); await new Promise(() => setTimeout(() => {}, 1e6)); }"),
      /ended with 1/,
    ],
    ["ends the process", answering("process.exit(0)"), /ended with 0/],
    ["ends the process when it is loaded", "process.exit(0);", /ended with 0/],
    [
      "waits for what never comes, and so ends",
      answering("{ process.disconnect(); await new Promise(() => {}); }"),
      /ended with/,
    ],
    ["answers nothing", answering("undefined"), /undefined, not a list/],
    ["answers null", answering("null"), /not a list/],
    ["answers text", answering('"fine"'), /string, not a list/],
    ["answers a list of something else", answering('[{ rule: "r" }]'), /not in order/],
    [
      "answers a finding with an unknown status",
      answering(`[${JSON.stringify({ ...finding, status: "passed" })}]`),
      /not in order/,
    ],
  ])("fails when a pack %s", { timeout: 40_000 }, async (_why, code, expected) => {
    expect(await whyItFailed([await packOf(code)])).toMatch(expected);
  });

  test("fails when a pack hangs, and ends it", { timeout: 40_000 }, async () => {
    const busy = await packOf(answering("{ for (;;) {} }"));
    const started = Date.now();
    expect(await whyItFailed([busy], 1500)).toBe("no answer within 1.5 s");
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  test("fails when one of two packs fails, whatever the other found", async () => {
    const packs = [
      await packOf(findingOf("one"), { folder: "one" }),
      await packOf("throw new Error('no');", { folder: "two", name: "two" }),
    ];
    expect(await whyItFailed(packs)).toBe("no");
  });
});

describe("findPolicyPack", () => {
  const codeOf = (pack: string) => codeOfLater(() => findPolicyPack(pack, root));

  test("finds a pack by folder and by npm name, with the same digest", async () => {
    const byFolder = await packOf("");
    expect(byFolder).toMatchObject({ name: "pack", version: "1.2.3" });
    await packOf("", { folder: "node_modules/@acme/pack" });
    const byName = await findPolicyPack("@acme/pack", root);
    expect(byName.folder).toMatch(/@acme\/pack$/);
    expect(byName.digest).toBe(byFolder.digest);
    writeFileSync(join(byName.folder, "index.js"), "// changed");
    expect((await findPolicyPack("@acme/pack", root)).digest).not.toBe(byFolder.digest);
  });

  test("fails when it is not there, is no pack, or has no name and version", async () => {
    expect(await codeOf("./gone")).toBe("POLICY_PACK_NOT_FOUND");
    expect(await codeOf("@acme/gone")).toBe("POLICY_PACK_NOT_FOUND");
    const { folder } = await packOf("");
    writeFileSync(join(folder, "package.json"), '{ "name": "pack" }');
    expect(await codeOf("./pack")).toBe("POLICY_PACK_NOT_FOUND");
    rmSync(join(folder, "PulumiPolicy.yaml"));
    expect(await codeOf("./pack")).toBe("POLICY_PACK_NOT_FOUND");
  });
});

describe("rulesOfPacks", () => {
  test("tells the ids of each pack's rules, in order, and reviews nothing", async () => {
    const rules = '[{ id: "no-vpc" }, { id: "no-bucket" }]';
    const review = 'review: () => { throw new Error("asked for a review"); }';
    const packs = [
      await packOf(`export const pack = { name: "pack", rules: ${rules}, ${review} };`),
      await packOf("throw new Error('started');", { folder: "engine", name: "engine", exports: null }),
      await packOf(`export const pack = { name: "pack", ${review} };`, { folder: "third" }),
    ];
    expect(await rulesOfPacks(packs, env)).toEqual([new Set(["no-vpc", "no-bucket"]), new Set(), new Set()]);
    expect(await rulesOfPacks([], env)).toEqual([]);
  });

  test("fails when a pack cannot be loaded", async () => {
    const broken = await packOf("throw new Error('broken');");
    await expect(rulesOfPacks([broken], env)).rejects.toMatchObject({ code: "POLICY_PACK_FAILED" });
  });
});
