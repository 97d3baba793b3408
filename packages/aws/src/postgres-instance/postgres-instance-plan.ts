import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { checkAlarms } from "../monitoring/alarms.ts";
import {
  checkIdentifiers,
  type PostgresServerPlan,
  planPostgresServer,
} from "../postgres/postgres-server-plan.ts";
import { presetOf } from "../preset.ts";
import {
  POSTGRES_INSTANCE_ALARMS,
  POSTGRES_INSTANCE_PRESETS,
  type PostgresInstanceArgs,
  type PostgresInstanceSize,
  type PostgresStorage,
} from "./postgres-instance-args.ts";

/** What the arguments come to, with every default in its place. */
export interface PostgresInstancePlan extends PostgresServerPlan, PostgresInstanceSize {}

/**
 * Checks everything before anything exists, and says what it comes to.
 *
 * @throws {INVALID_NAME} the name is not 1 to 32 lower-case letters, digits and dashes.
 * @throws {INVALID_TAGS} a required tag is missing, or a tag is not one that AWS takes.
 * @throws {INVALID_ARGUMENT} any other argument is not valid.
 */
export function planPostgresInstance(name: string, args: PostgresInstanceArgs): PostgresInstancePlan {
  const row = presetOf(POSTGRES_INSTANCE_PRESETS, args.preset);
  const instanceClass = args.instanceClass ?? row.instanceClass;
  const plan: PostgresInstancePlan = {
    ...planPostgresServer(name, args, { ...row, instanceClass }),
    storage: args.storage ?? row.storage,
    multiAz: args.multiAz ?? row.multiAz,
    freeMemoryMiB: row.freeMemoryMiB,
  };
  if (instanceClass === "db.serverless")
    throw invalidArgument(
      'instanceClass is "db.serverless", which only a PostgresCluster has; give one such as db.m7g.large',
    );
  checkStorage(plan.storage);
  checkAdoption(args);
  checkAlarms(POSTGRES_INSTANCE_ALARMS, args.alarms);
  return plan;
}

function checkStorage({ gib, maxGib }: PostgresStorage): void {
  checkWhole("storage.gib", gib, 20, 65_536);
  checkWhole("storage.maxGib", maxGib, Math.ceil(gib * 1.1), 65_536);
}

function checkAdoption({ identifiers = {}, adopt, kmsKeyArn }: PostgresInstanceArgs): void {
  const { instance, subnetGroup } = identifiers;
  checkIdentifiers([instance], subnetGroup);
  if (adopt === undefined) return;
  if (instance === undefined || subnetGroup === undefined || kmsKeyArn === undefined)
    throw invalidArgument(
      "adopt needs identifiers.instance, identifiers.subnetGroup and kmsKeyArn of what exists: another key replaces the instance",
    );
}
