import {
  type Exemption,
  type Finding,
  nameOfUrn,
  type PlannedResource,
  type ReviewRequest,
} from "@groundplane/contracts";
import { applyExemptions } from "./exemptions.ts";
import { type Judgement, judge } from "./judge.ts";
import type { PackIdentity } from "./pack.ts";
import { viewProperties } from "./property-view.ts";
import type { ProviderView, ResourceView, Rule } from "./rule.ts";

interface Reviewed {
  readonly pack: PackIdentity;
  readonly rules: readonly Rule[];
  readonly exemptions: readonly Exemption[];
}

const foundBy = "change-set";

/** Runs every rule over a planned change set: resources, the stack as a whole, deletes and replaces. */
export function reviewChangeSet(
  { pack, rules, exemptions }: Reviewed,
  { changeSet, today }: Pick<ReviewRequest, "changeSet" | "today">,
): readonly Finding[] {
  const planned = new Map(changeSet.planned.map((resource) => [resource.urn, resource]));
  const resources = changeSet.planned.map((resource) => viewOf(resource, planned));
  const deleted = changeSet.changes.filter(
    ({ operation }) => operation === "delete" || operation === "replace",
  );
  const judgements = rules.flatMap((rule): readonly Judgement[] => {
    if (rule.kind === "stack") {
      const stack = { resources, changes: changeSet.changes };
      return judge(rule, { pack, foundBy }, (report) => rule.check(stack, report));
    }
    if (rule.kind === "delete") {
      return deleted.flatMap((change) =>
        judge(rule, { pack, foundBy, urn: change.urn }, (report) => rule.check(change, report)),
      );
    }
    return resources
      .filter((resource) => rule.applies(resource.type))
      .flatMap((resource) =>
        judge(rule, { pack, foundBy, urn: resource.urn }, (report) => rule.check(resource, report)),
      );
  });
  return applyExemptions(judgements, { exemptions, today, pack, foundBy, reportUnused: true }).map(
    ({ finding }) => finding,
  );
}

type PlannedByUrn = ReadonlyMap<string, PlannedResource>;

const viewOf = (
  { urn, type, name, operation, inputs, provider }: PlannedResource,
  planned: PlannedByUrn,
): ResourceView => ({
  urn,
  type,
  name,
  operation,
  props: viewProperties(inputs),
  ...(provider !== undefined && { provider: providerOf(provider, planned) }),
});

/** @param reference - `urn::id`, as the engine refers to providers */
function providerOf(reference: string, planned: PlannedByUrn): ProviderView {
  const urn = reference.slice(0, reference.lastIndexOf("::"));
  const { name = nameOfUrn(urn), inputs = {} } = planned.get(urn) ?? {};
  return { urn, name, props: viewProperties(inputs) };
}
