import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const PLUGIN = "7.48.0";

/** Why AWS's own provider cannot be run here; undefined when it can. */
export function missingPlugin(): string | undefined {
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  return existsSync(join(home, "plugins", `resource-aws-v${PLUGIN}`))
    ? undefined
    : `the plugin of @pulumi/aws is not installed: pulumi plugin install resource aws ${PLUGIN}`;
}

/** Why nothing is made in an account; undefined when somebody said that it may be. */
export const noAccount =
  process.env["GROUNDPLANE_LIVE_AWS"] === "1"
    ? undefined
    : "set GROUNDPLANE_LIVE_AWS=1, with credentials of an account in which everything may be made and deleted";
