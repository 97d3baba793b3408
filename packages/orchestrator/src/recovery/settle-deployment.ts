import { GroundplaneError, type Settlement } from "@groundplane/contracts";
import { z } from "zod";
import type { PendingOperation, StackState } from "../engine/stack-state.ts";

/** Operations whose outcome the cloud can be asked for by the resource's id. */
const READABLE: ReadonlySet<string> = new Set(["updating", "deleting"]);

const resourceSchema = z.looseObject({
  urn: z.string(),
  id: z.string().optional(),
  delete: z.boolean().optional(),
  pendingReplacement: z.boolean().optional(),
});
const exportSchema = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resourceSchema).nullish(),
    pending_operations: z.array(z.looseObject({ type: z.string(), resource: resourceSchema })).nullish(),
  }),
});

type Resource = z.infer<typeof resourceSchema>;

function refuse(message: string, urns: readonly string[]): never {
  throw new GroundplaneError("INVALID_ARGUMENT", message, { facts: { urns: [...urns] } });
}

const creates = (operations: readonly PendingOperation[]): readonly string[] =>
  operations.filter(({ type }) => type === "creating").map(({ urn }) => urn);

/**
 * Refuses a settlement that leaves a creation undecided, or speaks of what is not pending. The engine drops every
 * mark when it imports a state (pkg/cmd/pulumi/stack/io.go, SaveSnapshot): one that is not decided would be lost.
 *
 * @throws {INVALID_ARGUMENT} naming the URNs.
 */
export function checkSettlement(state: StackState, { gone, adopted }: Settlement): void {
  const decided = [...gone, ...adopted.map(({ urn }) => urn)];
  const twice = decided.filter((urn, index) => decided.indexOf(urn) !== index);
  if (twice.length > 0) refuse(`decided more than once: ${twice.join(", ")}.`, twice);
  const pending = creates(state.pendingOperations);
  const stray = decided.filter((urn) => !pending.includes(urn));
  if (stray.length > 0)
    refuse(
      `no creation of these is pending: ${stray.join(", ")}. What was being updated or deleted is read from the cloud, and needs no word from you.`,
      stray,
    );
  const open = pending.filter((urn) => !decided.includes(urn));
  if (open.length > 0)
    refuse(
      `decide all pending creations at once, these are left: ${open.join(", ")}. Look whether each exists, then give --gone <urn> or --adopt <urn>=<id> for it.`,
      open,
    );
  for (const { urn, id } of adopted) {
    const owner = state.resources.find((resource) => resource.id === id && resource.urn !== urn);
    if (owner !== undefined)
      refuse(`"${id}" is ${owner.urn} already, and cannot be ${urn} too. Look for another id.`, [urn]);
  }
}

/**
 * Where an adopted resource stands: in the place of the one that it replaces, which then waits for its deletion as it
 * does when the engine itself made the new one; else at the end, after all that it needs.
 */
function withAdopted(resources: readonly Resource[], adopted: Resource): readonly Resource[] {
  const index = resources.findIndex((each) => each.urn === adopted.urn && each.delete !== true);
  const old = resources[index];
  // What it needs, and has.
  if (old !== undefined && old.id === adopted.id) return resources;
  if (old === undefined) return [...resources, adopted];
  const replaced = old.pendingReplacement === true ? [] : [{ ...old, delete: true }];
  return [...resources.slice(0, index), adopted, ...replaced, ...resources.slice(index + 1)];
}

export interface SettledDeployment {
  /** An export without marks, in which what is adopted has its id. */
  readonly text: string;
  /** What the cloud is to be asked for before anyone relies on it. */
  readonly read: readonly string[];
}

/**
 * The settled state with what was read of the cloud put in, and all else as it stood: the engine encrypts every secret
 * anew when it writes a state. Where the cloud does not have something any more, the engine's own version is taken
 * whole, in which nothing depends on that.
 */
export function withRead(settled: SettledDeployment, found: StackState): string {
  const exported = exportSchema.parse(JSON.parse(settled.text));
  const refreshed = exportSchema.parse(JSON.parse(found.text)).deployment.resources ?? [];
  const read = new Map(
    refreshed
      .filter(({ urn, delete: deleting }) => settled.read.includes(urn) && deleting !== true)
      .map((resource) => [resource.urn, resource]),
  );
  if (read.size < settled.read.length) return found.text;
  const resources = (exported.deployment.resources ?? []).map((resource) =>
    resource.delete === true ? resource : (read.get(resource.urn) ?? resource),
  );
  return JSON.stringify({ ...exported, deployment: { ...exported.deployment, resources } });
}

/** The state as it is once every mark is settled by what people found out, before the cloud is asked. */
export function settledDeployment(state: StackState, settlement: Settlement): SettledDeployment {
  checkSettlement(state, settlement);
  const exported = exportSchema.parse(JSON.parse(state.text));
  const { deployment } = exported;
  const ids = new Map(settlement.adopted.map(({ urn, id }) => [urn, id]));
  const adopted = state.pendingOperations.flatMap(({ type, urn, resource, needs = [] }): Resource[] => {
    const id = ids.get(urn);
    return type === "creating" && id !== undefined ? [...needs, { ...resource, id }] : [];
  });
  const resources = adopted.reduce(withAdopted, deployment.resources ?? []);
  const asked = state.pendingOperations.filter(({ type }) => READABLE.has(type)).map(({ urn }) => urn);
  return {
    text: JSON.stringify({ ...exported, deployment: { ...deployment, resources, pending_operations: [] } }),
    read: [...new Set([...ids.keys(), ...asked])],
  };
}
