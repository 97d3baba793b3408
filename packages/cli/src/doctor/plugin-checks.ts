import type { PluginView, ProjectHandle } from "../project-host.ts";
import type { DoctorCheck } from "../render/doctor.ts";
import { failure } from "./project-checks.ts";

const AREA = "plugins";
const REMEDY = "groundplane doctor --fix";

function checkOf({ plugin, status, why }: PluginView, needed: boolean): DoctorCheck {
  const head = `${plugin.name} ${plugin.version}: `;
  if (status === "ready") return { area: AREA, status: "ok", message: head + why };
  // Where the package has nothing to run here, --fix can do nothing: what to do is in the words.
  const remedy = plugin.executable === undefined ? undefined : REMEDY;
  if (!needed) {
    const how = remedy === undefined ? "" : ` (${remedy})`;
    return { area: AREA, status: "ok", message: `${head}${why}; only a real environment needs it${how}` };
  }
  return remedy === undefined
    ? { area: AREA, status: status === "missing" ? "fail" : "warn", message: head + why }
    : { area: AREA, status: "fail", message: head + why, remedy };
}

/** Plugins that npm packages of the project deliver. Sandboxes have stand-ins of their own. */
export async function pluginChecks(handle: ProjectHandle, fix: boolean): Promise<DoctorCheck[]> {
  const needed = [...handle.project.environments.values()].some(({ cloud }) => cloud === "real");
  try {
    const found = await handle.plugins({ install: fix });
    return found.map((plugin) => checkOf(plugin, needed));
  } catch (error) {
    return [failure(AREA, error)];
  }
}
