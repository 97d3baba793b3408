import type { Tags } from "@groundplane/contracts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkOneOf, checkWhole, invalidArgument } from "../invalid-argument.ts";
import { checkDailyWindow, checkWeeklyWindow } from "../maintenance-window.ts";
import { checkAlarms } from "../monitoring/alarms.ts";
import { checkRetention } from "../monitoring/retention-days.ts";
import { checkPeers } from "../network/peer-access.ts";
import { openingTag } from "../opening.ts";
import { presetOf } from "../preset.ts";
import {
  POSTGRES_ALARMS,
  POSTGRES_CLUSTER_PRESETS,
  type PostgresClusterArgs,
  type PostgresClusterSize,
  type ServerlessCapacity,
} from "./postgres-cluster-args.ts";

/** What the arguments come to, with every default in its place. */
export interface PostgresPlan extends PostgresClusterSize {
  readonly tags: Tags;
  /** `17` */
  readonly majorVersion: string;
  /** Whether the minor version is AWS's to raise. */
  readonly minorVersionIsFree: boolean;
  readonly isServerless: boolean;
  readonly port: number;
  readonly masterUsername: string;
  readonly performanceInsightsDays: number;
}

/**
 * Checks everything before anything exists, and says what it comes to.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid.
 */
export function planPostgresCluster(name: string, args: PostgresClusterArgs): PostgresPlan {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const row = presetOf(POSTGRES_CLUSTER_PRESETS, args.preset);
  const instanceClass = args.instanceClass ?? row.instanceClass;
  const engineVersion = args.engineVersion ?? row.engineVersion;
  const [majorVersion = "", minorVersion] = engineVersion.split(".");
  const plan: PostgresPlan = {
    engineVersion,
    instanceClass,
    serverless: args.serverless ?? row.serverless,
    readers: args.readers ?? row.readers,
    backupRetentionDays: args.backupRetentionDays ?? row.backupRetentionDays,
    enhancedMonitoringSeconds: args.enhancedMonitoringSeconds ?? row.enhancedMonitoringSeconds,
    logRetentionDays: args.logRetentionDays ?? row.logRetentionDays,
    applyImmediately: args.applyImmediately ?? row.applyImmediately,
    finalSnapshot: args.finalSnapshot ?? row.finalSnapshot,
    deletionProtection: args.deletionProtection ?? row.deletionProtection,
    protect: args.protect ?? row.protect,
    connections: row.connections,
    tags,
    majorVersion,
    minorVersionIsFree: minorVersion === undefined,
    isServerless: instanceClass === "db.serverless",
    port: args.port ?? 5432,
    masterUsername: args.masterUsername ?? "cluster_admin",
    performanceInsightsDays: args.performanceInsightsDays ?? 7,
  };
  checkEngine(plan, args);
  checkLogin(plan, args);
  checkCare(plan, args);
  checkNames(args);
  checkPeers(args.allowFrom);
  checkAlarms(POSTGRES_ALARMS, args.alarms);
  return plan;
}

function checkEngine(plan: PostgresPlan, args: PostgresClusterArgs): void {
  const { engineVersion, instanceClass, serverless } = plan;
  if (!/^\d{2}(\.\d{1,2})?$/.test(engineVersion) || Number(plan.majorVersion) < 13)
    throw invalidArgument(`engineVersion is "${engineVersion}"; give 17.7, or 17 for any minor version`, {
      engineVersion,
    });
  if (!/^db\.(serverless|[a-z0-9]+\.[a-z0-9]+)$/.test(instanceClass))
    throw invalidArgument(
      `instanceClass is "${instanceClass}"; give one such as db.r7g.large or db.serverless`,
      {
        instanceClass,
      },
    );
  if (args.serverless !== undefined && !plan.isServerless)
    throw invalidArgument(
      `serverless is given, and instanceClass is ${instanceClass}; leave it out, or set instanceClass: "db.serverless"`,
    );
  checkServerless(serverless);
  checkWhole("readers", plan.readers, 0, 15);
  checkWhole("proxy.maxConnectionsPercent", args.proxy?.maxConnectionsPercent, 1, 100);
  checkWhole("proxy.idleClientSeconds", args.proxy?.idleClientSeconds, 1, 28_800);
  if (args.proxy !== undefined && args.iamAuthentication === false)
    throw invalidArgument("the proxy logs in by IAM; leave iamAuthentication out, or the proxy");
}

function checkServerless({ minUnits, maxUnits, pauseAfterSeconds }: ServerlessCapacity): void {
  const isHalf = (units: number, least: number): boolean =>
    Number.isInteger(units * 2) && units >= least && units <= 256;
  if (!isHalf(minUnits, 0) || !isHalf(maxUnits, 1) || minUnits > maxUnits)
    throw invalidArgument(
      `serverless is ${minUnits} to ${maxUnits} units; give halves from 0 to 256, at least 1 as maxUnits`,
      { minUnits, maxUnits },
    );
  checkWhole("serverless.pauseAfterSeconds", pauseAfterSeconds, 300, 86_400);
  if (pauseAfterSeconds !== undefined && minUnits > 0)
    throw invalidArgument(`serverless.pauseAfterSeconds needs minUnits: 0, and it is ${minUnits}`);
}

/** Aurora user guide, "Naming constraints", and the words that PostgreSQL or RDS keep. */
const RESERVED_USERS = ["admin", "postgres", "rdsadmin", "rdsproxyadmin", "user"];

function checkLogin(plan: PostgresPlan, args: PostgresClusterArgs): void {
  const { masterUsername } = plan;
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(masterUsername) || RESERVED_USERS.includes(masterUsername))
    throw invalidArgument(
      `masterUsername is "${masterUsername}"; give 1 to 63 lower-case letters, digits and _, and not ${RESERVED_USERS.join(", ")}`,
      { masterUsername },
    );
  const { databaseName } = args;
  if (databaseName !== undefined && !/^[a-z][a-z0-9_]{0,62}$/.test(databaseName))
    throw invalidArgument(
      `databaseName is "${databaseName}"; give 1 to 63 lower-case letters, digits and _, a letter first`,
      { databaseName },
    );
  checkWhole("passwordRotationDays", args.passwordRotationDays, 1, 1000);
  checkWhole("port", plan.port, 1150, 65_535);
  openingTag("plaintext", args.allowPlaintext);
  if (args.parameters?.["rds.force_ssl"] !== undefined)
    throw invalidArgument("parameters has rds.force_ssl; say allowPlaintext: { reason } instead");
}

function checkCare(plan: PostgresPlan, args: PostgresClusterArgs): void {
  checkWhole("backupRetentionDays", plan.backupRetentionDays, 1, 35);
  checkDailyWindow("backupWindow", args.backupWindow);
  checkWeeklyWindow("maintenanceWindow", args.maintenanceWindow);
  checkOneOf("enhancedMonitoringSeconds", plan.enhancedMonitoringSeconds, [0, 1, 5, 10, 15, 30, 60]);
  checkRetention("logRetentionDays", plan.logRetentionDays);
  const days = plan.performanceInsightsDays;
  // RDS API reference, CreateDBInstance: 7, month * 31 for 1 to 23 months, 731.
  const kept = days === 7 || days === 731 || (days % 31 === 0 && days >= 31 && days <= 713);
  if (!kept)
    throw invalidArgument(`performanceInsightsDays is ${days}; give 7, 731, or 31 to 713 in steps of 31`, {
      performanceInsightsDays: days,
    });
}

function checkNames({ identifiers = {}, adopt, kmsKeyArn }: PostgresClusterArgs): void {
  const { cluster, subnetGroup, instances = [] } = identifiers;
  for (const identifier of [cluster, ...instances]) {
    if (identifier === undefined) continue;
    if (/^[a-z](-?[a-z0-9])*$/.test(identifier) && identifier.length <= 63) continue;
    throw invalidArgument(
      `identifiers has "${identifier}"; give 1 to 63 lower-case letters, digits and single dashes, a letter first`,
      { identifier },
    );
  }
  if (subnetGroup !== undefined && !/^[a-z0-9 _.-]{1,255}$/.test(subnetGroup))
    throw invalidArgument(
      `identifiers.subnetGroup is "${subnetGroup}"; give 1 to 255 lower-case letters, digits, spaces and _ . -`,
      { subnetGroup },
    );
  if (adopt === undefined) return;
  if (cluster === undefined || subnetGroup === undefined || kmsKeyArn === undefined)
    throw invalidArgument(
      "adopt needs identifiers.cluster, identifiers.subnetGroup and kmsKeyArn of what exists: any other of them replaces the cluster",
    );
}
