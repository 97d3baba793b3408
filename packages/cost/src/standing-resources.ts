import type { ChangeSet, PlannedResource, ResourceChange } from "@groundplane/contracts";
import { PricedResource } from "./priced-resource.ts";

/** What stands at one moment, by URN; undefined for what exists and nobody described. */
export type Standing = ReadonlyMap<string, PricedResource | undefined>;

function fromPlan({ urn, type, name, operation, parent, provider, inputs }: PlannedResource): PricedResource {
  return new PricedResource({ urn, type, name, operation, parent, provider, inputs });
}

function fromPast({ urn, type, name, operation, parent, was }: ResourceChange): PricedResource | undefined {
  if (was === undefined) return undefined;
  return new PricedResource({
    urn,
    type,
    name,
    operation,
    parent,
    provider: was.provider,
    inputs: was.inputs,
  });
}

const isOurs = ({ custom, operation }: PlannedResource): boolean => custom && operation !== "read";

/** A read resource is someone else's to pay for; a component is paid for by what it is made of. */
export function standingAfter({ planned, changes }: ChangeSet): Standing {
  // What is forgotten stays in the cloud, and is paid for.
  const forgotten = changes.filter(({ operation, was }) => operation === "forget" && was?.custom !== false);
  return new Map([
    ...planned.filter(isOurs).map((resource) => [resource.urn, fromPlan(resource)] as const),
    ...forgotten.map((change) => [change.urn, fromPast(change)] as const),
  ]);
}

const CAME: ReadonlySet<ResourceChange["operation"]> = new Set(["create", "import", "read"]);

export function standingBefore({ planned, changes }: ChangeSet): Standing {
  const changed = new Set(changes.map(({ urn }) => urn));
  const components = new Set(planned.filter(({ custom }) => !custom).map(({ urn }) => urn));
  const stayed = planned.filter((resource) => isOurs(resource) && !changed.has(resource.urn));
  const past = changes.filter(
    ({ urn, operation, was }) => !CAME.has(operation) && was?.custom !== false && !components.has(urn),
  );
  return new Map([
    ...stayed.map((resource) => [resource.urn, fromPlan(resource)] as const),
    ...past.map((change) => [change.urn, fromPast(change)] as const),
  ]);
}
