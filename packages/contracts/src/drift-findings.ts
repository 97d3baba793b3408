import {
  type DriftIgnore,
  type DriftItem,
  type DriftProperty,
  type DriftReport,
  openDrift,
  openProperties,
} from "./drift.ts";
import type { Finding } from "./finding.ts";
import type { JsonValue } from "./json.ts";
import { isSecretMark } from "./marked-value.ts";

const FOUND = {
  pack: { name: "groundplane", version: "1" },
  foundBy: "pipeline",
} as const satisfies Partial<Finding>;

function words(value: JsonValue | undefined): string {
  if (value === undefined) return "absent";
  return isSecretMark(value) ? "another secret" : JSON.stringify(value);
}

function told({ path, before, after }: DriftProperty): string {
  const state = isSecretMark(before) ? "a secret" : words(before);
  return `${path} is ${words(after)} in the cloud and ${state} in the state`;
}

function changed(item: DriftItem, properties: readonly DriftProperty[]): Finding {
  return {
    ...FOUND,
    rule: "drift-changed",
    title: "A resource was changed outside of the pipeline",
    severity: "medium",
    enforcement: "advisory",
    status: "violation",
    urn: item.urn,
    message:
      properties.length === 0
        ? "the cloud's resource differs from the state's"
        : properties.map(told).join("; "),
    remedy: "Bring it back with a deployment that refreshes the state, or put the change into the program.",
  };
}

function missing(item: DriftItem): Finding {
  return {
    ...FOUND,
    rule: "drift-missing",
    title: "A resource was deleted outside of the pipeline",
    severity: "high",
    enforcement: "mandatory",
    status: "violation",
    urn: item.urn,
    message: `the state has ${item.id ?? item.name}, and the cloud has not`,
    remedy: "Make it again with a deployment that refreshes the state, or take it out of the program.",
  };
}

const findingOf = (item: DriftItem, properties: readonly DriftProperty[]): Finding =>
  item.kind === "missing" ? missing(item) : changed(item, properties);

function ignored(finding: Finding, { until, who, reason }: DriftIgnore): Finding {
  return {
    ...finding,
    status: "exempted",
    message: `${finding.message} (ignored until ${until} by ${who}: ${reason})`,
  };
}

function expired({ resource, property, who, reason, until }: DriftIgnore): Finding {
  return {
    ...FOUND,
    rule: "drift-ignore-expired",
    title: "A rule that ignored drift has expired",
    severity: "medium",
    enforcement: "advisory",
    status: "violation",
    ...(resource.includes("*") ? {} : { urn: resource }),
    message: `ignoring ${property ?? "everything"} of ${resource}, by ${who} ("${reason}"), ended on ${until}`,
    remedy: "Mend the drift, or renew the rule with a reason and a later date.",
  };
}

/** A report as findings, for `toSarif` and `toText`: what is ignored is exempted, with the rule's reason. */
export function driftFindings(report: DriftReport): readonly Finding[] {
  const open = openDrift(report).map((item) => findingOf(item, openProperties(item)));
  const covered = report.items.flatMap((item) => {
    if (item.ignoredBy !== undefined) return [ignored(findingOf(item, item.properties), item.ignoredBy)];
    return item.properties.flatMap((property) =>
      property.ignoredBy === undefined ? [] : [ignored(changed(item, [property]), property.ignoredBy)],
    );
  });
  return [...open, ...covered, ...report.expiredIgnores.map(expired)];
}
