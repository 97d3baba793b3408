import type { ChangeSet, ResourceChange } from "./change-set.ts";
import type { JsonValue } from "./json.ts";

const DOMAIN = "libvirt:index/domain:Domain";

/** The volumes of a domain's disks; undefined where one of them is not known. */
function volumesOf(inputs: Readonly<Record<string, JsonValue>> | undefined): readonly string[] | undefined {
  const disks = inputs?.["disks"] ?? [];
  if (!Array.isArray(disks)) return undefined;
  const ids = disks.map((disk: JsonValue) =>
    typeof disk === "object" && disk !== null && "volumeId" in disk ? disk["volumeId"] : undefined,
  );
  return ids.every((id) => typeof id === "string") ? ids : undefined;
}

/**
 * What a change means, in words, where its operation sounds like something else: a domain that is replaced on the same
 * disks is a machine that restarts.
 */
export function changeNote(change: ResourceChange, { changes, planned }: ChangeSet): string | undefined {
  if (change.type !== DOMAIN || change.operation !== "replace") return undefined;
  const before = volumesOf(change.was?.inputs);
  const after = volumesOf(planned.find(({ urn }) => urn === change.urn)?.inputs);
  if (before === undefined || after === undefined || before.length === 0) return undefined;
  const gone = changes.filter(({ operation }) => operation === "delete" || operation === "replace");
  const stays = before.every((id) => after.includes(id) && !gone.some((other) => other.id === id));
  return stays ? "the machine restarts; its disks stay" : undefined;
}
