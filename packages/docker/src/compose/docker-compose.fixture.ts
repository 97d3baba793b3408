import { execFileSync, spawnSync } from "node:child_process";

/** Why this machine cannot run `docker compose`; undefined when it can. `config` needs no engine. */
export const noCompose: string | undefined =
  spawnSync("docker", ["compose", "version"], { stdio: "ignore" }).status === 0
    ? undefined
    : "there is no docker with the compose plugin here";

/** What `docker compose config` makes of files, or its error. */
export function composeConfig(folder: string, files: readonly string[]): unknown {
  const text = execFileSync(
    "docker",
    ["compose", ...files.flatMap((file) => ["--file", file]), "config", "--format", "json"],
    { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  const parsed: unknown = JSON.parse(text);
  return parsed;
}
