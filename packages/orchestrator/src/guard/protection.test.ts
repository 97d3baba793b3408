import { blocks, CHANGE_OPERATIONS, type ChangeSet, type ResourceChange } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { emptyChangeSet } from "../../../../test/change-set.ts";
import type { EngineDiagnostic } from "../engine/engine-request.ts";
import { failedByProtection, guardProtection } from "./protection.ts";

const urnOf = (name: string): string => `urn:pulumi:dev::net::aws:s3/bucket:Bucket::${name}`;

function change(name: string, operation: ResourceChange["operation"], protect = true): ResourceChange {
  return {
    ...{ urn: urnOf(name), type: "aws:s3/bucket:Bucket", name, operation, protect },
    ...{ holdsData: true, properties: [] },
  };
}

function changeSet(operation: ChangeSet["operation"], ...changes: readonly ResourceChange[]): ChangeSet {
  return emptyChangeSet({ operation, changes: [...changes] });
}

const state = (...resources: readonly { readonly urn: string; readonly protect?: boolean }[]) => ({
  resources: resources.map((each) => ({ type: "aws:s3/bucket:Bucket", ...each })),
});
const error = (message: string): EngineDiagnostic => ({ kind: "diagnostic", severity: "error", message });

// The engine's own texts, of 3.220.0.
const DELETE_REFUSED = error(
  `Preview failed: resource "${urnOf("data")}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${urnOf("data")}'\``,
);
const REPLACE_REFUSED = error(
  `unable to replace resource "${urnOf("data")}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
);
const REPLACED_WITH_REFUSED = error(
  `unable to replace resource "${urnOf("data")}" as part of replacing "${urnOf("network")}" as it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag`,
);
const CLOUD = error("creating S3 Bucket (logs): BucketAlreadyExists");

describe("guardProtection", () => {
  test.each(["delete", "replace"] as const)("blocks the %s of what is protected", (operation) => {
    const [finding, ...others] = guardProtection(changeSet("update", change("data", operation)), state(), []);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: "protected-resource", urn: urnOf("data"), foundBy: "data-guard" });
    expect(finding && blocks(finding, false)).toBe(true);
    expect(finding?.message).toBe(`data is protected, and the change would ${operation} it`);
    expect(finding?.remedy).toContain("groundplane deploy dev net");
  });

  test("has nothing against other operations, nor against what is not protected", () => {
    for (const operation of CHANGE_OPERATIONS) {
      const lost = operation === "delete" || operation === "replace";
      const set = changeSet("update", change("data", operation, !lost));
      expect(guardProtection(set, state({ urn: urnOf("data"), protect: true }), [])).toEqual([]);
    }
  });

  test("of a destroy, names all that the state has under protection, also what the engine left out", () => {
    const set = changeSet("destroy", change("data", "delete"), change("logs", "delete", false));
    const stands = state(
      { urn: urnOf("key"), protect: true },
      { urn: urnOf("data"), protect: true },
      { urn: urnOf("logs"), protect: false },
      { urn: urnOf("other") },
    );
    const found = guardProtection(set, stands, [DELETE_REFUSED]);
    expect(found.map(({ urn, message }) => [urn, message])).toEqual([
      [urnOf("key"), "key is protected, and the change would delete it"],
      [urnOf("data"), "data is protected, and the change would delete it"],
    ]);
  });

  test("names what would be replaced with something else, which the engine tells in words alone", () => {
    const set = changeSet("update", change("network", "replace", false));
    expect(guardProtection(set, state(), [REPLACED_WITH_REFUSED])).toMatchObject([
      { urn: urnOf("data"), message: "data is protected, and the change would replace it" },
    ]);
    // Told by both, it is one finding.
    expect(
      guardProtection(changeSet("update", change("data", "replace")), state(), [REPLACE_REFUSED]),
    ).toHaveLength(1);
  });
});

describe("failedByProtection", () => {
  test("is so when every error is a refusal", () => {
    expect(failedByProtection([DELETE_REFUSED, REPLACE_REFUSED, REPLACED_WITH_REFUSED])).toBe(true);
  });

  test("is not when anything else went wrong too, or nothing was told", () => {
    expect(failedByProtection([DELETE_REFUSED, CLOUD])).toBe(false);
    expect(failedByProtection([error('a bucket named "resource cannot be deleted"')])).toBe(false);
    expect(failedByProtection([])).toBe(false);
  });
});
