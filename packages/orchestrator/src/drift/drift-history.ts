import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DriftReport, driftReportSchema, GroundplaneError } from "@groundplane/contracts";
import { sha256OfBytes } from "../digest/hash-files.ts";

/** Reports kept for a stack of an environment; the oldest go first. */
export const KEPT_REPORTS = 100;

const REPORT_FILE = /^\d{8}T\d{9}Z-[0-9a-f]{12}\.json$/;

/** By time, so that names sort; two of one moment differ by their content's hash. */
function fileNameOf(report: DriftReport, text: string): string {
  const time = report.checkedAt.replaceAll(/[-:.]/g, "");
  return `${time}-${sha256OfBytes(text).slice("sha256:".length, "sha256:".length + 12)}.json`;
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => REPORT_FILE.test(name))
      .sort()
      .reverse();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function readReport(file: string): DriftReport {
  try {
    return driftReportSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new GroundplaneError(
      "JOURNAL_CORRUPT",
      `${file} is no drift report: move it away; the other reports do not depend on it.`,
      { cause, facts: { file } },
    );
  }
}

/** The drift reports of one stack in one environment: a file each. */
export class DriftHistory {
  readonly #folder: string;

  constructor(dataFolder: string, environment: string, stack: string) {
    this.#folder = join(dataFolder, "drift", environment, stack);
  }

  /** Written whole or not at all. */
  add(report: DriftReport): void {
    const text = `${JSON.stringify(report, null, 2)}\n`;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, fileNameOf(report, text));
    writeFileSync(`${file}.part`, text, { mode: 0o600 });
    renameSync(`${file}.part`, file);
    for (const old of filesIn(this.#folder).slice(KEPT_REPORTS))
      rmSync(join(this.#folder, old), { force: true });
  }

  /**
   * Newest first.
   *
   * @throws {JOURNAL_CORRUPT} naming a file that is no report.
   */
  list(limit: number): readonly DriftReport[] {
    return filesIn(this.#folder)
      .slice(0, limit)
      .map((name) => readReport(join(this.#folder, name)));
  }
}
