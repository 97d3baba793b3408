import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { PropertyDiff } from "../property-diff.ts";

const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
const { Kind } = pb.PropertyDiff;
const KINDS = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

export function diffResponse(diffs: readonly PropertyDiff[], deleteBeforeReplace: boolean): pb.DiffResponse {
  const top = ({ path }: PropertyDiff) => /^[^.[]+/.exec(path)?.[0] ?? path;
  const response = new pb.DiffResponse()
    .setChanges(diffs.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList([...new Set(diffs.map(top))])
    .setReplacesList([...new Set(diffs.filter(({ replaces }) => replaces).map(top))])
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const { path, kind, replaces, input } of diffs)
    response
      .getDetaileddiffMap()
      .set(path, new pb.PropertyDiff().setKind(KINDS[kind][replaces ? 1 : 0]).setInputdiff(input));
  return response;
}
