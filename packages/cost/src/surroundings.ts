import type { AssumedUsage } from "./assumptions.ts";
import type { Surroundings } from "./cost-model.ts";
import { NotPriceable, type PricedResource } from "./priced-resource.ts";
import type { Standing } from "./standing-resources.ts";

const isNamed = ({ facts: { name, inputs } }: PricedResource, wanted: string): boolean =>
  [name, inputs["family"], inputs["name"], inputs["clusterIdentifier"]].includes(wanted);

/** Sorted once, as each of many services looks for its task definition. */
function sorted(
  standing: Standing,
  keyOf: (resource: PricedResource) => string,
): ReadonlyMap<string, readonly PricedResource[]> {
  const found = new Map<string, PricedResource[]>();
  for (const resource of standing.values()) {
    if (resource === undefined) continue;
    const key = keyOf(resource);
    const others = found.get(key);
    if (others === undefined) found.set(key, [resource]);
    else others.push(resource);
  }
  return found;
}

/** What stands around the resources of one moment. */
export function surroundingsOf(standing: Standing, usage: AssumedUsage): Surroundings {
  const placeOf = (type: string, parent = ""): string => JSON.stringify([type, parent]);
  const byType = sorted(standing, ({ facts }) => facts.type);
  const byPlace = sorted(standing, ({ facts }) => placeOf(facts.type, facts.parent));
  const all = (type: string): readonly PricedResource[] => byType.get(type) ?? [];
  const neighbours = (of: PricedResource, type: string): readonly PricedResource[] =>
    byPlace.get(placeOf(type, of.facts.parent)) ?? [];
  return {
    assume: (name) => usage.range(name),
    ownPrice: (name) => {
      const found = usage.ownPrice(name);
      if (found !== undefined) return found;
      throw new NotPriceable(
        `it is your own; give its price as ${name} in cost.assumptions of the environment`,
      );
    },
    neighbours,
    companion: (of, type, named) => {
      const short = type.slice(type.lastIndexOf(":") + 1);
      if (named !== undefined) {
        const found = all(type).find((one) => isNamed(one, named));
        if (found !== undefined) return found;
        throw new NotPriceable(`its ${short} "${named}" is not in this stack`);
      }
      for (const candidates of [neighbours(of, type), all(type)]) {
        const [only, ...others] = candidates;
        if (only !== undefined && others.length === 0) return only;
      }
      throw new NotPriceable(`which ${short} it goes with is known only after the change`);
    },
  };
}
