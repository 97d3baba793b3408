import {
  type DriftIgnore,
  type DriftItem,
  type DriftProperty,
  type DriftReport,
  matchesGlob,
} from "@groundplane/contracts";

function covers(rule: DriftIgnore, item: DriftItem, property?: DriftProperty): boolean {
  if (!matchesGlob(rule.resource, item.urn)) return false;
  if (rule.property === undefined) return true;
  return property !== undefined && matchesGlob(rule.property, property.path);
}

/**
 * Marks what a rule in force covers. A rule that would cover something and has run out covers nothing, and is told.
 *
 * @param today UTC day, `YYYY-MM-DD`.
 */
export function ignoreDrift(
  items: readonly DriftItem[],
  rules: readonly DriftIgnore[],
  today: string,
): Pick<DriftReport, "items" | "expiredIgnores"> {
  const inForce = rules.filter(({ until }) => today <= until);
  const needed = (rule: DriftIgnore): boolean =>
    items.some(
      (item) => covers(rule, item) || item.properties.some((property) => covers(rule, item, property)),
    );
  return {
    items: items.map((item) => {
      const whole = inForce.find((rule) => covers(rule, item));
      if (whole !== undefined) return { ...item, ignoredBy: whole };
      const properties = item.properties.map((property) => {
        const rule = inForce.find((candidate) => covers(candidate, item, property));
        return rule === undefined ? property : { ...property, ignoredBy: rule };
      });
      return { ...item, properties };
    }),
    expiredIgnores: rules.filter((rule) => rule.until < today && needed(rule)),
  };
}
