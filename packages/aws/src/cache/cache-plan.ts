import { checkOneOf, checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkDailyWindow, checkWeeklyWindow } from "../maintenance-window.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import { checkRetention } from "../monitoring/retention-days.ts";
import { checkPeers } from "../network/peer-access.ts";
import { presetOf } from "../preset.ts";
import {
  CACHE_ALARMS,
  CACHE_PRESETS,
  type CacheArgs,
  type CacheSize,
  type CacheUserArgs,
  EVICTION_POLICIES,
  type EvictionPolicy,
} from "./cache-args.ts";

/** What the arguments come to, with every default in its place. */
export interface CachePlan extends CacheSize {
  readonly tags: Tags;
  readonly engine: "valkey" | "redis";
  readonly engineVersion: string;
  /** `valkey8`, `redis7` */
  readonly family: string;
  readonly port: number;
  readonly evictionPolicy: EvictionPolicy;
  readonly users: Readonly<Record<string, CacheUserArgs>>;
}

/** The replication group's id has 40 characters: `${name}-cache-` and seven more. */
const MAX_NAME = 26;

/**
 * Checks everything before anything exists, and says what it comes to.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} the name is longer than 26, or any other argument is not valid.
 */
export function planCache(name: string, args: CacheArgs): CachePlan {
  checkComponentName(name);
  if (name.length > MAX_NAME)
    throw invalidArgument(
      `"${name}" has ${name.length} characters; a cache's name has at most ${MAX_NAME}, as AWS takes 40 with what is added`,
      { name },
    );
  const tags = parseComponentTags(args.tags);
  const row = presetOf(CACHE_PRESETS, args.preset);
  checkOneOf("engine", args.engine, ["valkey", "redis"]);
  const engine = args.engine ?? "valkey";
  const engineVersion = args.engineVersion ?? (engine === "valkey" ? "8.0" : "7.1");
  const plan: CachePlan = {
    nodeType: args.nodeType ?? row.nodeType,
    replicas: args.replicas ?? row.replicas,
    snapshotRetentionDays: args.snapshotRetentionDays ?? row.snapshotRetentionDays,
    logRetentionDays: args.logRetentionDays ?? row.logRetentionDays,
    applyImmediately: args.applyImmediately ?? row.applyImmediately,
    finalSnapshot: args.finalSnapshot ?? row.finalSnapshot,
    protect: args.protect ?? row.protect,
    tags,
    engine,
    engineVersion,
    family: `${engine}${engineVersion.split(".")[0] ?? ""}`,
    port: args.port ?? 6379,
    evictionPolicy: args.evictionPolicy ?? "volatile-lru",
    users: args.users ?? { app: {} },
  };
  checkEngine(plan, args);
  checkUsers(plan.users);
  checkCare(plan, args);
  checkPeers(args.allowFrom);
  checkAlarms(CACHE_ALARMS, args.alarms);
  return plan;
}

function checkEngine(plan: CachePlan, { parameters = {} }: CacheArgs): void {
  const { engine, engineVersion, nodeType } = plan;
  // Logging in by IAM came with Redis 7.0, and with the first Valkey.
  if (!/^\d+\.\d+$/.test(engineVersion) || Number.parseInt(engineVersion, 10) < 7)
    throw invalidArgument(
      `engineVersion is "${engineVersion}"; give one such as ${engine === "valkey" ? "8.0" : "7.1"}, from 7 on`,
      { engineVersion },
    );
  if (!/^cache\.[a-z0-9]+\.[a-z0-9]+$/.test(nodeType))
    throw invalidArgument(`nodeType is "${nodeType}"; give one such as cache.r7g.large`, { nodeType });
  checkWhole("replicas", plan.replicas, 0, 5);
  checkWhole("port", plan.port, 1024, 65_535);
  checkOneOf("evictionPolicy", plan.evictionPolicy, EVICTION_POLICIES);
  if (parameters["maxmemory-policy"] !== undefined)
    throw invalidArgument("parameters has maxmemory-policy; say evictionPolicy instead");
  if (parameters["cluster-enabled"] !== undefined)
    throw invalidArgument("parameters has cluster-enabled; a Cache has one shard, so leave it out");
}

const NO_RIGHTS = ["on", "off", "nopass", "resetpass", "reset"];

function checkUsers(users: CachePlan["users"]): void {
  const names = Object.keys(users);
  // Quota of ElastiCache: users of a group.
  if (names.length < 1 || names.length > 100)
    throw invalidArgument(`users has ${names.length} users; give 1 to 100`, { users: names.length });
  for (const [user, { access = "write", passwords }] of Object.entries(users)) {
    if (!/^[a-z](-?[a-z0-9])*$/.test(user) || user.length > 30 || user === "default")
      throw invalidArgument(
        `users has "${user}"; name each with 1 to 30 lower-case letters, digits and single dashes, a letter first, and not "default"`,
        { user },
      );
    const words = access.trim().split(/\s+/);
    // Whether a user is on and what it logs in with is not said here.
    if (words.some((word) => word === "" || NO_RIGHTS.includes(word) || /^[<>#!]/.test(word)))
      throw invalidArgument(
        `access of the user ${user} is no list of rights; give read, write, admin, or such as ~orders:* +@read`,
        { user },
      );
    if (passwords !== undefined && (passwords.length < 1 || passwords.length > 2))
      throw invalidArgument(
        `the user ${user} has ${passwords.length} passwords; give one or two, or none at all`,
        {
          user,
        },
      );
  }
}

function checkCare(plan: CachePlan, args: CacheArgs): void {
  checkWhole("snapshotRetentionDays", plan.snapshotRetentionDays, 0, 35);
  checkDailyWindow("snapshotWindow", args.snapshotWindow);
  checkWeeklyWindow("maintenanceWindow", args.maintenanceWindow);
  checkRetention("logRetentionDays", plan.logRetentionDays);
  const { identifiers = {}, adopt = false } = args;
  for (const [what, identifier] of Object.entries(identifiers)) {
    if (/^[a-z](-?[a-z0-9])*$/.test(identifier) && identifier.length <= 40) continue;
    throw invalidArgument(
      `identifiers.${what} is "${identifier}"; give 1 to 40 lower-case letters, digits and single dashes, a letter first`,
      { identifier },
    );
  }
  if (adopt && (identifiers.replicationGroup === undefined || identifiers.subnetGroup === undefined))
    throw invalidArgument(
      "adopt needs identifiers.replicationGroup and identifiers.subnetGroup of what exists: any other of them replaces the cache",
    );
}
