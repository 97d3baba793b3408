import { checkOneOf, checkWhole, invalidArgument, type Tags } from "@groundplane/contracts";
import { checkComponentName } from "../component-name.ts";
import { parseComponentTags } from "../component-tags.ts";
import { checkDailyWindow, checkWeeklyWindow } from "../maintenance-window.ts";
import { checkRetention } from "../monitoring/retention-days.ts";
import { checkPeers } from "../network/peer-access.ts";
import { openingTag } from "../opening.ts";
import type { PostgresServerArgs, PostgresServerSize } from "./postgres-server-args.ts";

/** What the arguments of every PostgreSQL database come to, with every default in its place. */
export interface PostgresServerPlan extends PostgresServerSize {
  readonly tags: Tags;
  /** `17` */
  readonly majorVersion: string;
  /** Whether the minor version is AWS's to raise. */
  readonly minorVersionIsFree: boolean;
  readonly port: number;
  readonly masterUsername: string;
  readonly performanceInsightsDays: number;
}

/**
 * Checks what every PostgreSQL database takes.
 *
 * @param row of the presets, with what is asked for instead of its instance class
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid.
 */
export function planPostgresServer(
  name: string,
  args: PostgresServerArgs,
  row: PostgresServerSize,
): PostgresServerPlan {
  checkComponentName(name);
  const tags = parseComponentTags(args.tags);
  const engineVersion = args.engineVersion ?? row.engineVersion;
  const [majorVersion = "", minorVersion] = engineVersion.split(".");
  const plan: PostgresServerPlan = {
    engineVersion,
    instanceClass: row.instanceClass,
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
    port: args.port ?? 5432,
    masterUsername: args.masterUsername ?? "cluster_admin",
    performanceInsightsDays: args.performanceInsightsDays ?? 7,
  };
  checkEngine(plan);
  checkLogin(plan, args);
  checkCare(plan, args);
  checkPeers(args.allowFrom);
  return plan;
}

function checkEngine({ engineVersion, majorVersion, instanceClass }: PostgresServerPlan): void {
  if (!/^\d{2}(\.\d{1,2})?$/.test(engineVersion) || Number(majorVersion) < 13)
    throw invalidArgument(`engineVersion is "${engineVersion}"; give 17.7, or 17 for any minor version`, {
      engineVersion,
    });
  if (!/^db\.(serverless|[a-z0-9]+\.[a-z0-9]+)$/.test(instanceClass))
    throw invalidArgument(`instanceClass is "${instanceClass}"; give one such as db.r7g.large`, {
      instanceClass,
    });
}

/** RDS and Aurora user guides, "Naming constraints", and the words that PostgreSQL or RDS keep. */
const RESERVED_USERS = ["admin", "postgres", "rdsadmin", "rdsproxyadmin", "user"];

function checkLogin({ masterUsername, port }: PostgresServerPlan, args: PostgresServerArgs): void {
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
  checkWhole("port", port, 1150, 65_535);
  openingTag("plaintext", args.allowPlaintext);
  if (args.parameters?.["rds.force_ssl"] !== undefined)
    throw invalidArgument("parameters has rds.force_ssl; say allowPlaintext: { reason } instead");
}

function checkCare(plan: PostgresServerPlan, args: PostgresServerArgs): void {
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

/**
 * Checks names of what exists.
 *
 * @throws {INVALID_ARGUMENT} RDS takes no such name.
 */
export function checkIdentifiers(
  identifiers: readonly (string | undefined)[],
  subnetGroup: string | undefined,
): void {
  for (const identifier of identifiers) {
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
}
