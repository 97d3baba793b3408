import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { isGroundplaneError } from "@groundplane/contracts";
import type { EnvironmentView, ProjectHandle, ProjectView } from "../project-host.ts";
import type { DoctorCheck } from "../render/doctor.ts";

const run = promisify(execFile);
/** Of one question to a backend. */
const TIMEOUT_MS = 20_000;

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A check that could not be made. */
export function failure(area: string, error: unknown): DoctorCheck {
  return {
    area,
    status: "fail",
    message: isGroundplaneError(error) ? `${error.code}: ${error.message}` : wordsOf(error),
  };
}

export function projectCheck(project: ProjectView | undefined, error?: unknown): DoctorCheck {
  if (project === undefined) return failure("project", error);
  const stacks = [...project.stacks.keys()].join(", ") || "none";
  return {
    area: "project",
    status: "ok",
    message: `${project.definition.name}: ${project.file}, stacks: ${stacks}`,
  };
}

/** The data folder can be written, and the journal's hash chain holds. */
export async function journalCheck(handle: ProjectHandle): Promise<DoctorCheck> {
  const { dataFolder } = handle.project;
  const refusal = await writeRefusal(dataFolder);
  if (refusal !== undefined) {
    return {
      area: "data",
      status: "fail",
      message: refusal,
      remedy: "give yourself the right to write there",
    };
  }
  try {
    const pipeline = await handle.open({});
    try {
      const { entries } = pipeline.verifyJournal();
      return { area: "data", status: "ok", message: `${dataFolder}, journal in order, ${entries} entries` };
    } finally {
      pipeline.close();
    }
  } catch (error) {
    return failure("data", error);
  }
}

/** Why a folder cannot be written, or made; undefined when it can. */
async function writeRefusal(folder: string): Promise<string | undefined> {
  const reason = await access(folder, constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code ?? "no access",
  );
  if (reason === undefined) return undefined;
  const above = dirname(folder);
  return reason === "ENOENT" && above !== folder
    ? writeRefusal(above)
    : `${folder} cannot be written (${reason})`;
}

export async function environmentChecks(
  handle: ProjectHandle,
  name: string,
  engine: boolean,
): Promise<DoctorCheck[]> {
  const environment = handle.project.environments.get(name);
  if (environment === undefined) return [];
  const area = `environment ${name}`;
  const cloud =
    environment.cloud === "real" ? "real cloud" : `sandbox for ${environment.cloud.clouds.join(", ")}`;
  const state = engine
    ? await stateCheck(handle, environment, area)
    : { area, status: "warn" as const, message: "state: not looked at, as there is no engine" };
  return [
    {
      area,
      status: environment.policyPacks.length === 0 ? "warn" : "ok",
      message: `${cloud}, approval ${environment.approval.type}${environment.stacks === undefined ? "" : `, stacks ${environment.stacks.join(", ")}`}${environment.protected ? ", protected" : ""}${environment.policyPacks.length === 0 ? ", no policy pack: nothing is checked" : ""}`,
    },
    state,
    ...(await Promise.all(environment.policyPacks.map((pack) => packCheck(handle, pack, area)))),
  ];
}

async function packCheck(handle: ProjectHandle, pack: string, area: string): Promise<DoctorCheck> {
  try {
    const { version, folder } = await handle.findPolicyPack(pack);
    return { area, status: "ok", message: `pack ${pack} ${version}, ${folder}` };
  } catch (error) {
    return failure(area, error);
  }
}

/** Asks the engine for the environment's stacks: the backend answers, and for a file backend the folder can be written. */
async function stateCheck(
  handle: ProjectHandle,
  environment: EnvironmentView,
  area: string,
): Promise<DoctorCheck> {
  const { backend } = environment;
  if (backend.type === "file") {
    const { root, dataFolder } = handle.project;
    const folder =
      backend.path === undefined ? join(dataFolder, "state", environment.name) : resolve(root, backend.path);
    const refusal = await writeRefusal(folder);
    if (refusal !== undefined)
      return {
        area,
        status: "fail",
        message: `state: ${refusal}`,
        remedy: "give yourself the right to write there",
      };
  }
  try {
    const variables = await handle.engineEnvironment(environment.name);
    const { stdout } = await run("pulumi", ["stack", "ls", "--all", "--json", "--non-interactive"], {
      cwd: handle.project.root,
      env: { ...process.env, ...variables },
      timeout: TIMEOUT_MS,
    });
    const stacks: unknown = JSON.parse(stdout);
    const count = Array.isArray(stacks) ? stacks.length : 0;
    return {
      area,
      status: "ok",
      message: `state: ${backend.type} backend answers, ${count} ${count === 1 ? "stack" : "stacks"}`,
    };
  } catch (error) {
    return {
      ...failure(area, error),
      remedy: `look at the environment's backend and secrets in ${handle.project.file}`,
    };
  }
}
