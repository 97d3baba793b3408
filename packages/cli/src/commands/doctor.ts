import { EXIT_CODES } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandHandler } from "../command-context.ts";
import { engineChecks, nodeCheck } from "../doctor/machine-checks.ts";
import { pluginChecks } from "../doctor/plugin-checks.ts";
import { environmentChecks, journalCheck, projectCheck } from "../doctor/project-checks.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import type { ProjectHandle } from "../project-host.ts";
import { type DoctorCheck, doctorLines } from "../render/doctor.ts";
import { loadFrom } from "../session.ts";
import { writeLines } from "../terminal.ts";

const doctorOptionsSchema = commonOptionsSchema.extend({ fix: z.boolean().default(false) });

/** Looks at everything that a deployment needs, and says what is missing and how to mend it. */
export const doctor: CommandHandler = async (context) => {
  const options = parseInput(doctorOptionsSchema, context.options);
  const report = await context.host.inspectEngines();
  const checks: DoctorCheck[] = [nodeCheck(process.versions.node), ...engineChecks(report)];
  let handle: ProjectHandle | undefined;
  try {
    handle = await loadFrom(context, options.project);
    checks.push(projectCheck(handle.project));
  } catch (error) {
    checks.push(projectCheck(undefined, error));
  }
  if (handle !== undefined) {
    checks.push(await journalCheck(handle));
    checks.push(...(await pluginChecks(handle, options.fix)));
    for (const name of handle.project.environments.keys()) {
      checks.push(...(await environmentChecks(handle, name, report.engine !== undefined)));
    }
  }
  const ok = checks.every((check) => check.status !== "fail");
  if (options.json) context.terminal.stdout.write(`${JSON.stringify({ ok, checks }, null, 2)}\n`);
  else writeLines(context.terminal.stdout, doctorLines(checks, context.style));
  return ok ? EXIT_CODES.done : EXIT_CODES.systemError;
};
