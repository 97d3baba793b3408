import { type ChangeOperation, type ChangeSet, nameOfUrn, type ResourceChange } from "@groundplane/contracts";

/** The changes inside one component, or directly in the stack. */
export interface ChangeGroup {
  /** Names from the stack down to the component. */
  readonly path: readonly string[];
  readonly type: string | undefined;
  /** The component's own change. */
  readonly own: ResourceChange | undefined;
  /** What loses most comes first. */
  readonly changes: readonly ResourceChange[];
}

/** Operations, what loses most first. */
export const BY_WEIGHT: readonly ChangeOperation[] = [
  "delete",
  "replace",
  "update",
  "forget",
  "import",
  "create",
  "read",
  "same",
];

interface Node {
  readonly type: string;
  readonly parent: string | undefined;
  readonly component: boolean;
}

function nodesOf(changeSet: ChangeSet): ReadonlyMap<string, Node> {
  const planned = changeSet.planned.map(
    ({ urn, type, parent, custom }) => [urn, { type, parent, component: !custom }] as const,
  );
  const known = new Set(planned.map(([urn]) => urn));
  // A resource that goes away is not planned: what has no id of a provider's is a component.
  const gone = changeSet.changes
    .filter(({ urn }) => !known.has(urn))
    .map(({ urn, type, parent, id }) => [urn, { type, parent, component: id === undefined }] as const);
  return new Map([...planned, ...gone]);
}

/** URNs from the outermost component down to the one that a resource is in, or is. */
function componentsAround(urn: string, nodes: ReadonlyMap<string, Node>): readonly string[] {
  const chain: string[] = [];
  const seen = new Set<string>();
  let at: string | undefined = urn;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const node = nodes.get(at);
    if (node?.component) chain.unshift(at);
    at = node?.parent;
  }
  return chain;
}

const weightOf = ({ operation }: ResourceChange): number => BY_WEIGHT.indexOf(operation);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Changes by the component they are in, in the order of the tree. */
export function groupChanges(changeSet: ChangeSet): readonly ChangeGroup[] {
  const nodes = nodesOf(changeSet);
  const groups = new Map<
    string,
    { urns: readonly string[]; own?: ResourceChange; changes: ResourceChange[] }
  >();
  for (const change of changeSet.changes) {
    const urns = componentsAround(change.urn, nodes);
    const key = urns.join("\n");
    const group = groups.get(key) ?? { urns, changes: [] };
    groups.set(key, group);
    if (urns.at(-1) === change.urn) group.own = change;
    else group.changes.push(change);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { urns, own, changes }]) => {
      const component = urns.at(-1);
      return {
        path: urns.length === 0 ? [changeSet.stack] : urns.map(nameOfUrn),
        type: component === undefined ? undefined : nodes.get(component)?.type,
        own,
        changes: changes.sort((a, b) => weightOf(a) - weightOf(b) || compare(a.urn, b.urn)),
      };
    });
}
