import { mkdirSync, mkdtempSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { sandbox } from "@groundplane/sandbox";

/** A folder for a test that drives Pulumi by its Automation API. The caller removes it. */
export function automationFolder(name: string): string {
  const engine = process.env["GROUNDPLANE_PULUMI"];
  // The Automation API starts the first `pulumi` on the PATH.
  if (engine !== undefined)
    process.env["PATH"] = [dirname(engine), process.env["PATH"] ?? ""].join(delimiter);
  // Inside the repository, so that the plugin finds its packages.
  const scratch = fileURLToPath(new URL(".groundplane/", import.meta.url));
  mkdirSync(scratch, { recursive: true });
  return mkdtempSync(join(scratch, `${name}-`));
}

/** Options of workspaces there: on this sandbox, with their state in the folder. */
export async function workspaceOn(cloud: ReturnType<typeof sandbox>, folder: string) {
  const pulumiHome = join(folder, "home");
  const { env } = await cloud.prepare({ pulumiHome, database: join(folder, "cloud.db") });
  const envVars = {
    ...env,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_BACKEND_URL: `file://${folder}`,
  };
  return { pulumiHome, envVars };
}
