import type { StateBackup } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { emptyChangeSet } from "../../../../test/change-set.ts";
import { parseState } from "../engine/stack-state.ts";
import { refuseForeignBackup } from "./foreign-backup.ts";
import { chooseBackup } from "./restore.ts";
import { stateFindings } from "./state-findings.ts";

const [NEW, OLD] = ["run-20261121-120000-bbbbbb", "run-20261121-110000-aaaaaa"] as const;
const backup = (run: string, moment: "before" | "after", intact = true): StateBackup => ({
  ...{ run, moment, intact, stack: "base", environment: "dev", keptAt: "2026-11-21T12:00:00.000Z" },
  sha256: `sha256:${"a".repeat(64)}`,
  ...(intact ? {} : { problem: "the file is gone or was changed" }),
});
const kept = [
  backup(NEW, "after", false),
  backup(NEW, "before"),
  backup(OLD, "after"),
  backup(OLD, "before"),
];

describe("the state that is put back", () => {
  test.each([
    ["the newest that is intact, where none is named", undefined, NEW, "before"],
    ["the one that a run left, where the run is named", { run: OLD }, OLD, "after"],
    [
      "the one from which it began, where that is said",
      { run: OLD, moment: "before" as const },
      OLD,
      "before",
    ],
  ])("is %s", (_what, from, run, moment) => {
    expect(chooseBackup(kept, from)).toMatchObject({ run, moment, intact: true });
  });

  test.each([
    ["the one that is meant is not intact", { run: NEW }, "BACKUP_REFUSED"],
    ["the run kept none", { run: "run-20261121-100000-cccccc" }, "BACKUP_NOT_FOUND"],
  ])("fails when %s, and takes no other in its place", (_what, from, code) => {
    expect(() => chooseBackup(kept, from)).toThrow(expect.objectContaining({ code }));
  });

  test("fails when none is kept, or none is intact", () => {
    expect(() => chooseBackup([])).toThrow(expect.objectContaining({ code: "BACKUP_NOT_FOUND" }));
    expect(() => chooseBackup([backup(NEW, "after", false)])).toThrow(
      expect.objectContaining({ code: "BACKUP_NOT_FOUND" }),
    );
  });
});

const passphrase = { type: "passphrase", state: { salt: "v1:one" } };
const cloud = { type: "cloud", state: { url: "awskms://k?region=r", encryptedkey: "k" } };

function stateOf(urn: string, secrets?: object) {
  const deployment = {
    manifest: {},
    resources: [{ urn, type: "aws:ec2/vpc:Vpc", custom: true, id: "vpc-1" }],
    ...(secrets === undefined ? {} : { secrets_providers: secrets }),
  };
  return parseState({ project: "base", stack: "dev" }, JSON.stringify({ version: 3, deployment }));
}

const OWN = "urn:pulumi:dev::base::aws:ec2/vpc:Vpc::main";

function refusal(wanted: ReturnType<typeof stateOf>, secretsProvider = "passphrase", present = stateOf(OWN)) {
  const subject = {
    stack: { name: "base" },
    environment: { name: "dev", cloud: "real" },
    engine: { secretsProvider },
    settings: {},
  } as unknown as Parameters<typeof refuseForeignBackup>[0];
  try {
    refuseForeignBackup(subject, wanted, present);
    return "taken";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

describe("a kept state", () => {
  test("of this stack is taken, also where the present one tells nothing of its secrets", () => {
    expect(refusal(stateOf(OWN))).toBe("taken");
    expect(refusal(stateOf(OWN, passphrase))).toBe("taken");
    expect(refusal(stateOf(OWN, passphrase), "passphrase", stateOf(OWN, passphrase))).toBe("taken");
    expect(refusal(stateOf(OWN, cloud), "awskms://k?region=r")).toBe("taken");
  });

  test.each([
    ["another stack", refusal(stateOf(OWN.replace("::base::", "::app::"))), "of another stack"],
    [
      "another environment",
      refusal(stateOf(OWN.replace(":dev:", ":prod:"))),
      "of another stack or environment",
    ],
    ["another kind of key", refusal(stateOf(OWN, cloud)), "a cloud encrypts its secrets"],
    ["another key", refusal(stateOf(OWN, cloud), "awskms://other?region=r"), "awskms://other"],
    [
      "another passphrase",
      refusal(
        stateOf(OWN, passphrase),
        "passphrase",
        stateOf(OWN, { type: "passphrase", state: { salt: "v1:two" } }),
      ),
      "another passphrase or salt",
    ],
  ])("fails when it is of %s", (_what, told, words) => {
    expect(told).toContain(words);
    expect(told).toContain("Nothing was changed");
  });
});

test("what a restore costs is found, named and never in the way", () => {
  const forgotten = {
    ...{ urn: OWN, type: "aws:ec2/vpc:Vpc", name: "main", id: "vpc-1", protect: false, holdsData: false },
    operation: "forget" as const,
    properties: [],
  };
  const findings = stateFindings({
    changeSet: emptyChangeSet({
      ...{ stack: "base", operation: "state", unreadable: "it is cut short", changes: [forgotten] },
    }),
    lost: [{ type: "creating", urn: OWN, resource: { urn: OWN, type: "aws:ec2/vpc:Vpc" } }],
    untold: [],
    keptAt: "2026-11-21T12:00:00.000Z",
  });
  expect(findings.map(({ rule, urn, enforcement }) => [rule, urn, enforcement])).toEqual([
    ["state-unreadable", undefined, "advisory"],
    ["state-forgets", OWN, "advisory"],
    ["pending-mark-lost", OWN, "advisory"],
  ]);
  expect(findings[1]?.message).toContain("main (aws:ec2/vpc:Vpc, vpc-1)");
});
