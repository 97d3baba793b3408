import {
  type ChangeSet,
  isUnknownMark,
  type JsonValue,
  type PlannedResource,
  type ResourceChange,
} from "@groundplane/contracts";
import { parsePropertyPath } from "../changes/property-changes.ts";

/** Something about one resource that makes the change riskier, in words. */
export interface RiskNote {
  readonly urn: string;
  readonly text: string;
}

export interface RiskFacts {
  /** Safe defaults that a component was told to loosen, with the reason that was given. */
  readonly openings: readonly RiskNote[];
  /** Reachable from any address. */
  readonly exposed: readonly RiskNote[];
  /** Who may do what. */
  readonly permissions: readonly RiskNote[];
  /** Switches that keep data or traffic safe, set to the unsafe side. */
  readonly safeguards: readonly RiskNote[];
  /** Values that nobody can judge before they exist. */
  readonly unknownValues: number;
}

const OPENING = "Opening:";
const ANYWHERE = new Set(["0.0.0.0/0", "::/0"]);
const PERMISSION_TYPES = /^(?:aws:iam\/|aws:organizations\/policy|kubernetes:rbac\.)/;
const PERMISSION_KEYS = new Set(["policy", "assumeRolePolicy", "resourcePolicy", "inlinePolicies"]);

/** Property and unsafe value, as the AWS provider names them, with what it means. */
const UNSAFE: Readonly<Record<string, { readonly value: boolean; readonly means: string }>> = {
  protect: { value: false, means: "can be deleted by the next change" },
  deletionProtection: { value: false, means: "can be deleted without a second look" },
  deletionProtectionEnabled: { value: false, means: "can be deleted without a second look" },
  enableDeletionProtection: { value: false, means: "can be deleted without a second look" },
  enableTerminationProtection: { value: false, means: "can be terminated without a second look" },
  disableApiTermination: { value: false, means: "can be terminated without a second look" },
  skipFinalSnapshot: { value: true, means: "leaves no snapshot behind when it is deleted" },
  forceDestroy: { value: true, means: "is deleted with everything in it" },
  forceDelete: { value: true, means: "is deleted with everything in it" },
  encrypted: { value: false, means: "stores its data unencrypted" },
  storageEncrypted: { value: false, means: "stores its data unencrypted" },
  enableKeyRotation: { value: false, means: "its key is not rotated" },
  publiclyAccessible: { value: true, means: "has a public address" },
  mapPublicIpOnLaunch: { value: true, means: "gives machines public addresses" },
  associatePublicIpAddress: { value: true, means: "has a public address" },
  blockPublicAcls: { value: false, means: "may be made public by an ACL" },
  blockPublicPolicy: { value: false, means: "may be made public by a policy" },
  restrictPublicBuckets: { value: false, means: "may be read by the public where its policy says so" },
  ignorePublicAcls: { value: false, means: "may be made public by an ACL" },
};

const isRecord = (value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const recordOf = (value: JsonValue | undefined): Readonly<Record<string, JsonValue>> =>
  isRecord(value) ? value : {};

function* leavesOf(value: JsonValue | undefined, key: string): Generator<readonly [string, JsonValue]> {
  if (Array.isArray(value)) for (const item of value) yield* leavesOf(item, key);
  else if (typeof value === "object" && value !== null && !isUnknownMark(value)) {
    for (const [name, inner] of Object.entries(value)) yield* leavesOf(inner, name);
  } else if (value !== undefined) yield [key, value];
}

const lastKey = (path: string): string =>
  String(parsePropertyPath(path).findLast((key) => typeof key === "string") ?? path);

function openingNotes(resource: PlannedResource): readonly RiskNote[] {
  return Object.entries(recordOf(resource.inputs["tags"]))
    .filter(([key]) => key.startsWith(OPENING))
    .map(([key, reason]) => ({
      urn: resource.urn,
      text: `${key.slice(OPENING.length)}, because: ${typeof reason === "string" ? reason : JSON.stringify(reason)}`,
    }));
}

/**
 * Security groups as the AWS provider shapes them. Not network ACLs: they are stateless, so that replies from anywhere
 * are let in by design, and the groups behind them decide.
 */
function exposures(resource: PlannedResource): readonly RiskNote[] {
  const { type, inputs, urn } = resource;
  const rules: readonly JsonValue[] = /securityGroupIngressRule|defaultSecurityGroup|:SecurityGroup$/.test(
    type,
  )
    ? [inputs["ingress"] ?? (/IngressRule/.test(type) ? inputs : [])].flat()
    : type.endsWith(":SecurityGroupRule") && inputs["type"] === "ingress"
      ? [inputs]
      : [];
  return rules.flatMap((rule) => {
    const open = [...leavesOf(rule, "")].find(
      ([, value]) => typeof value === "string" && ANYWHERE.has(value),
    );
    if (open === undefined) return [];
    const { fromPort, toPort, protocol, ipProtocol } = recordOf(rule);
    const ports =
      fromPort === undefined
        ? "all ports"
        : fromPort === toPort
          ? `port ${fromPort}`
          : `ports ${fromPort} to ${toPort}`;
    return [
      {
        urn,
        text: `${String(open[1])} may reach ${ports} (${String(protocol ?? ipProtocol ?? "any protocol")})`,
      },
    ];
  });
}

function isUnsafe(key: string, value: JsonValue | undefined): boolean {
  const unsafe = Object.hasOwn(UNSAFE, key) ? UNSAFE[key] : undefined;
  return unsafe !== undefined && unsafe.value === value;
}

/** Switches this change itself sets to the unsafe side. */
function safeguardNotes(change: ResourceChange): readonly RiskNote[] {
  return change.properties.flatMap(({ path, before, after }) =>
    [...leavesOf(after, lastKey(path))]
      .filter(([key, value]) => isUnsafe(key, value))
      .map(([key, value]) => ({
        urn: change.urn,
        text: `${key} ${before === undefined ? "is" : "becomes"} ${String(value)}: it ${UNSAFE[key]?.means ?? ""}`,
      })),
  );
}

function permissionNotes(change: ResourceChange): readonly RiskNote[] {
  if (change.operation === "read") return [];
  if (PERMISSION_TYPES.test(change.type))
    return [{ urn: change.urn, text: `${change.operation} of ${change.type}` }];
  const touched = change.properties
    .map(({ path }) => lastKey(path))
    .filter((key) => PERMISSION_KEYS.has(key));
  return touched.length === 0
    ? []
    : [{ urn: change.urn, text: `${change.operation} with its ${[...new Set(touched)].join(", ")}` }];
}

function countUnknown(value: JsonValue | undefined): number {
  if (isUnknownMark(value)) return 1;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, inner: JsonValue) => sum + countUnknown(inner), 0);
}

/** What can be said about a change's risk from the change set alone. Facts, no score. */
export function riskFacts(changeSet: ChangeSet): RiskFacts {
  const changed = new Set(
    changeSet.changes.filter(({ operation }) => operation !== "read").map(({ urn }) => urn),
  );
  const planned = changeSet.planned.filter(({ urn, operation }) => changed.has(urn) && operation !== "read");
  return {
    openings: planned.flatMap(openingNotes),
    exposed: planned.flatMap(exposures),
    permissions: changeSet.changes.flatMap(permissionNotes),
    safeguards: changeSet.changes.flatMap(safeguardNotes),
    unknownValues: changeSet.changes
      .flatMap(({ properties }) => properties)
      .reduce((sum, { after }) => sum + countUnknown(after), 0),
  };
}
