import type { PluginView, ProjectHandle } from "../project-host.ts";
import type { DoctorCheck } from "../render/doctor.ts";
import { failure } from "./project-checks.ts";

const AREA = "plugins";
const REMEDY = "groundplane doctor --fix";

function checkOf({ plugin, status, why }: PluginView, needed: boolean): DoctorCheck {
  const head = `${plugin.name} ${plugin.version}: `;
  if (status === "ready") return { area: AREA, status: "ok", message: head + why };
  if (plugin.executable === undefined) {
    // Nothing that --fix could do: what to do is in the words.
    return { area: AREA, status: status === "missing" && needed ? "fail" : "warn", message: head + why };
  }
  return needed
    ? { area: AREA, status: "fail", message: head + why, remedy: REMEDY }
    : {
        area: AREA,
        status: "ok",
        message: `${head}${why}; only a real environment needs it (${REMEDY})`,
      };
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
