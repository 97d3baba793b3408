import { checkOneOf, checkWhole, invalidArgument } from "@groundplane/contracts";
import { checkRetention } from "../monitoring/retention-days.ts";
import { openingTag } from "../opening.ts";
import type { ContainerArgs, ContainerSize } from "./container-args.ts";
import { volumeOf } from "./container-definition.ts";
import { checkImage } from "./container-image.ts";
import { checkFargateSize } from "./fargate-size.ts";
import { secretArnOf } from "./secrets.ts";

const VARIABLE = /^[A-Za-z_]\w*$/;
const ROOT = /^(?:0+|root)(?::|$)/;
const USER = /^[\w.-]+(?::[\w.-]+)?$/;

/**
 * Checks what a task runs, and fills in the preset.
 *
 * @throws {INVALID_ARGUMENT} an argument is not valid; the message names it.
 */
export function checkContainer(args: ContainerArgs, row: ContainerSize): ContainerSize {
  checkImage("image", args.image);
  const size: ContainerSize = {
    cpuUnits: args.cpuUnits ?? row.cpuUnits,
    memoryMiB: args.memoryMiB ?? row.memoryMiB,
    logRetentionDays: args.logRetentionDays ?? row.logRetentionDays,
  };
  checkFargateSize(size.cpuUnits, size.memoryMiB);
  checkRetention("logRetentionDays", size.logRetentionDays);
  checkOneOf("architecture", args.architecture, ["arm64", "x86_64"]);
  checkVariables(args);
  checkUser(args);
  openingTag("writable-root-filesystem", args.writableRootFilesystem);
  for (const path of args.temporaryPaths ?? []) {
    if (!/^(?:\/[\w.-]+)+$/.test(path))
      throw invalidArgument(`temporaryPaths holds "${path}"; give an absolute path, such as /tmp`, { path });
  }
  checkOnce("temporaryPaths", (args.temporaryPaths ?? []).map(volumeOf));
  checkWhole("ephemeralStorageGiB", args.ephemeralStorageGiB, 21, 200);
  checkWhole("openFiles", args.openFiles, 1024, 1_048_576);
  checkWhole("stopTimeoutSeconds", args.stopTimeoutSeconds, 2, 120);
  return size;
}

/** Two paths that differ in punctuation alone would be one volume. */
function checkOnce(argument: string, volumes: readonly string[]): void {
  const twice = volumes.find((volume, index) => volumes.indexOf(volume) !== index);
  if (twice !== undefined)
    throw invalidArgument(`${argument} holds two paths for the volume "${twice}"; keep one`, {
      volume: twice,
    });
}

function checkVariables({ environment = {}, secrets = {} }: ContainerArgs): void {
  for (const [argument, variables] of Object.entries({ environment, secrets })) {
    for (const name of Object.keys(variables)) {
      if (!VARIABLE.test(name))
        throw invalidArgument(
          `${argument} holds "${name}"; a variable's name has letters, digits and _, no digit first`,
          { argument, name },
        );
    }
  }
  for (const [name, source] of Object.entries(secrets)) {
    if (name in environment)
      throw invalidArgument(`${name} is in environment and in secrets; keep one`, { name });
    const arn = secretArnOf(source);
    // What was given may be the secret itself: it is not repeated.
    if (typeof arn === "string" && !/^arn:[^:]+:(?:secretsmanager|ssm):/.test(arn))
      throw invalidArgument(
        `secrets.${name} is no ARN of a secret of Secrets Manager or a parameter of SSM; give the ARN, never the value`,
        { name },
      );
    if (typeof arn === "string" && /^arn:[^:]+:ssm:/.test(arn) && hasKey(source))
      throw invalidArgument(`secrets.${name} has a key, which a parameter of SSM has not; leave it out`, {
        name,
      });
  }
}

const hasKey = (source: unknown): boolean =>
  typeof source === "object" && source !== null && "key" in source && source.key !== undefined;

function checkUser({ user, rootUser }: ContainerArgs): void {
  openingTag("root-user", rootUser);
  if (user === undefined) return;
  if (rootUser !== undefined)
    throw invalidArgument(`user is "${user}", and rootUser runs it as root; keep one`, { user });
  if (ROOT.test(user))
    throw invalidArgument(`user is "${user}", which is root; name another, or give rootUser: { reason }`, {
      user,
    });
  if (!USER.test(user))
    throw invalidArgument(`user is "${user}"; give a user, a uid or uid:gid, such as 1000:1000`, { user });
}
