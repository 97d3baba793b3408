import { expect, test } from "vitest";
import { changeNote } from "./change-note.ts";
import type { ChangeOperation, ChangeSet, ResourceChange } from "./change-set.ts";
import type { JsonValue } from "./json.ts";

const DOMAIN = "libvirt:index/domain:Domain";
const DISK = "/images/vm";
const disks = (...ids: readonly JsonValue[]) => ({ disks: ids.map((volumeId) => ({ volumeId })) });

const change = (
  type: string,
  operation: ChangeOperation,
  inputs: Readonly<Record<string, JsonValue>>,
  id = "u",
): ResourceChange => ({
  ...{
    urn: `urn:${type}`,
    type,
    name: "vm",
    operation,
    id,
    protect: false,
    holdsData: false,
    properties: [],
  },
  was: { custom: true, inputs: { ...inputs } },
});

function noteOf(
  before: Readonly<Record<string, JsonValue>>,
  after: Readonly<Record<string, JsonValue>>,
  { operation = "replace" as ChangeOperation, type = DOMAIN, others = [] as readonly ResourceChange[] } = {},
): string | undefined {
  const one = change(type, operation, before);
  const set: ChangeSet = {
    ...{ schema: "groundplane.dev/change-set/v1", project: "p", stack: "s", environment: "dev" },
    ...{ operation: "update", counts: {}, outputs: [], changes: [one, ...others] },
    planned: [{ urn: one.urn, type, name: "vm", operation, custom: true, inputs: { ...after } }],
  };
  return changeNote(one, set);
}

test("a domain that is replaced on the same disks restarts", () => {
  expect(noteOf(disks(DISK), { memory: 2048, ...disks(DISK) })).toBe("the machine restarts; its disks stay");
  expect(noteOf(disks(DISK), disks(DISK, "/images/more"))).toBe("the machine restarts; its disks stay");
});

test.each<[string, string | undefined]>([
  ["a disk goes", noteOf(disks(DISK, "/images/data"), disks(DISK))],
  ["a disk is another one", noteOf(disks(DISK), disks("/images/other"))],
  ["a disk is not known yet", noteOf(disks(DISK), { disks: "\u0000unknown" })],
  ["it has none", noteOf({}, {})],
  ["a disk is no volume", noteOf({ disks: [{ file: "/a.iso" }] }, { disks: [{ file: "/a.iso" }] })],
  [
    "the volume itself is replaced",
    noteOf(disks(DISK), disks(DISK), {
      others: [change("libvirt:index/volume:Volume", "replace", {}, DISK)],
    }),
  ],
  ["it is deleted", noteOf(disks(DISK), {}, { operation: "delete" })],
  ["it is something else", noteOf(disks(DISK), disks(DISK), { type: "aws:ec2/instance:Instance" })],
])("nothing is said when %s", (_when, note) => {
  expect(note).toBeUndefined();
});
