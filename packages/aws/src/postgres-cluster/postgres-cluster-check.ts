import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { checkAlarms } from "../monitoring/alarms.ts";
import {
  checkIdentifiers,
  type PostgresServerPlan,
  planPostgresServer,
} from "../postgres/postgres-server-plan.ts";
import { presetOf } from "../preset.ts";
import {
  POSTGRES_ALARMS,
  POSTGRES_CLUSTER_PRESETS,
  type PostgresClusterArgs,
  type PostgresClusterSize,
  type ServerlessCapacity,
} from "./postgres-cluster-args.ts";

/** What the arguments come to, with every default in its place. */
export interface PostgresPlan extends PostgresServerPlan, PostgresClusterSize {
  readonly isServerless: boolean;
}

/**
 * Checks everything before anything exists, and says what it comes to.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid.
 */
export function planPostgresCluster(name: string, args: PostgresClusterArgs): PostgresPlan {
  const row = presetOf(POSTGRES_CLUSTER_PRESETS, args.preset);
  const instanceClass = args.instanceClass ?? row.instanceClass;
  const plan: PostgresPlan = {
    ...planPostgresServer(name, args, { ...row, instanceClass }),
    serverless: args.serverless ?? row.serverless,
    readers: args.readers ?? row.readers,
    isServerless: instanceClass === "db.serverless",
  };
  checkInstances(plan, args);
  checkAdoption(args);
  checkAlarms(POSTGRES_ALARMS, args.alarms);
  return plan;
}

function checkInstances(plan: PostgresPlan, args: PostgresClusterArgs): void {
  if (args.serverless !== undefined && !plan.isServerless)
    throw invalidArgument(
      `serverless is given, and instanceClass is ${plan.instanceClass}; leave it out, or set instanceClass: "db.serverless"`,
    );
  checkServerless(plan.serverless);
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

function checkAdoption({ identifiers = {}, adopt, kmsKeyArn }: PostgresClusterArgs): void {
  const { cluster, subnetGroup, instances = [] } = identifiers;
  checkIdentifiers([cluster, ...instances], subnetGroup);
  if (adopt === undefined) return;
  if (cluster === undefined || subnetGroup === undefined || kmsKeyArn === undefined)
    throw invalidArgument(
      "adopt needs identifiers.cluster, identifiers.subnetGroup and kmsKeyArn of what exists: any other of them replaces the cluster",
    );
}
