import type { EngineReport } from "@groundplane/orchestrator";
import type { DoctorCheck } from "../render/doctor.ts";

/** Type stripping without a flag, and node:sqlite: `engines` of the packages says the same. */
const NODE_MINIMUM = [22, 18] as const;

export function nodeCheck(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = NODE_MINIMUM;
  const fits = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  return fits
    ? { area: "node", status: "ok", message: version }
    : {
        area: "node",
        status: "fail",
        message: `${version} is too old`,
        remedy: `use Node ${NODE_MINIMUM.join(".")} or later`,
      };
}

/** The engine that is taken, and each place that was looked at. */
export function engineChecks(report: EngineReport): DoctorCheck[] {
  const { engine, requiredVersion } = report;
  const chosen: DoctorCheck =
    engine === undefined
      ? {
          area: "engine",
          status: "fail",
          message: `no Pulumi engine ${requiredVersion}`,
          ...(report.remedy === undefined ? {} : { remedy: report.remedy }),
        }
      : { area: "engine", status: "ok", message: `${engine.version} (${engine.origin}) ${engine.path}` };
  const others = report.findings
    .filter((finding) => finding.found !== engine?.path || engine === undefined)
    .map(
      (finding): DoctorCheck => ({
        area: "engine",
        status: finding.usable || engine !== undefined ? "ok" : "warn",
        message: `${finding.origin}: ${finding.found === undefined ? "" : `${finding.found}: `}${finding.why}`,
      }),
    );
  return [chosen, ...others];
}
