import { blocks, CHANGE_OPERATIONS, type ChangeOperation, type ResourceChange } from "@groundplane/contracts";
import { describe, expect, test } from "vitest";
import { emptyChangeSet } from "../../../../test/change-set.ts";
import { guardData, strayConfirmations } from "./data-guard.ts";
import { dataHoldingTypes } from "./data-holding-types.ts";

const change = (
  type: string,
  operation: ChangeOperation,
  more: Partial<ResourceChange> = {},
): ResourceChange => ({
  urn: `urn:pulumi:dev::net::${type}::data`,
  type,
  name: "data",
  operation,
  protect: false,
  holdsData: true,
  properties: [],
  ...more,
});
const changeSet = (...changes: readonly ResourceChange[]) => emptyChangeSet({ changes: [...changes] });
const BUCKET = "aws:s3/bucket:Bucket";
const LOSING = ["delete", "replace"] as const;

describe("guardData", () => {
  describe.each(LOSING)("on %s", (operation) => {
    test.each(dataHoldingTypes())("blocks %s until it is confirmed by its URN", (type) => {
      const set = changeSet(change(type, operation));
      const [finding, ...others] = guardData(set, []);
      expect(others).toEqual([]);
      expect(finding).toMatchObject({
        rule: "data-loss",
        status: "violation",
        urn: `urn:pulumi:dev::net::${type}::data`,
      });
      expect(finding && blocks(finding, false)).toBe(true);

      const [confirmed] = guardData(set, [`urn:pulumi:dev::net::${type}::data`]);
      expect(confirmed).toMatchObject({ rule: "data-loss", status: "exempted" });
    });

    test("takes a confirmation of something else, a name or a pattern for none", () => {
      const set = changeSet(change(BUCKET, operation));
      for (const confirmed of [
        ["data"],
        ["*"],
        ["urn:pulumi:dev::net::*"],
        [`urn:pulumi:prod::net::${BUCKET}::data`],
      ])
        expect(guardData(set, confirmed)).toMatchObject([{ status: "violation" }]);
    });

    test("leaves what is protected to the guard of protection", () => {
      const set = changeSet(change(BUCKET, operation, { protect: true }));
      expect(guardData(set, [])).toEqual([]);
    });

    test("lets go what holds nothing", () => {
      expect(guardData(changeSet(change("aws:ec2/vpc:Vpc", operation)), [])).toEqual([]);
    });
  });

  test.each(CHANGE_OPERATIONS.filter((operation) => operation !== "delete" && operation !== "replace"))(
    "has nothing against %s",
    (operation) => {
      expect(
        guardData(changeSet(change(BUCKET, operation), change(BUCKET, operation, { protect: true })), []),
      ).toEqual([]);
    },
  );

  test("goes by the type, not by what the change set says of itself", () => {
    expect(guardData(changeSet(change(BUCKET, "delete", { holdsData: false })), [])).toHaveLength(1);
  });

  test("lets a base volume of libvirt go, and keeps what is cloned from it", () => {
    const volume = (inputs: Record<string, string>) =>
      changeSet(
        change("libvirt:index/volume:Volume", "delete", { was: { custom: true, inputs: { ...inputs } } }),
      );
    const base = { name: `base-${"0123456789abcdef".repeat(4)}.qcow2` };
    expect(guardData(volume(base), [])).toEqual([]);
    expect(guardData(volume({ name: "athena", baseVolumeId: "/images/ubuntu" }), [])).toHaveLength(1);
    expect(guardData(changeSet(change("libvirt:index/volume:Volume", "delete")), [])).toHaveLength(1);
  });

  test("tells of each resource, and a confirmation is good for one", () => {
    const [one, other] = [
      change(BUCKET, "delete", { urn: "urn:a" }),
      change(BUCKET, "replace", { urn: "urn:b" }),
    ];
    expect(guardData(changeSet(one, other), ["urn:a"]).map(({ urn, status }) => [urn, status])).toEqual([
      ["urn:a", "exempted"],
      ["urn:b", "violation"],
    ]);
  });

  test("names the resource and the way to confirm it", () => {
    const [finding] = guardData(changeSet(change(BUCKET, "delete")), []);
    expect(finding?.message).toContain(BUCKET);
    expect(finding?.remedy).toContain(`--confirm 'urn:pulumi:dev::net::${BUCKET}::data'`);
  });
});

describe("strayConfirmations", () => {
  test("are those that name nothing that is lost", () => {
    const set = changeSet(
      change(BUCKET, "delete", { urn: "urn:gone" }),
      change(BUCKET, "replace", { urn: "urn:new" }),
      change(BUCKET, "update", { urn: "urn:stays" }),
    );
    expect(strayConfirmations(set, ["urn:gone", "urn:new", "urn:stays", "urn:typo", ""])).toEqual([
      "urn:stays",
      "urn:typo",
      "",
    ]);
    expect(strayConfirmations(set, [])).toEqual([]);
  });
});
