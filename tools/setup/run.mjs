import { spawn } from "node:child_process";
import { constants } from "node:os";
import { SetupError } from "./setup-error.mjs";

const SHOWN_LINES = 30;

/**
 * @typedef {object} RunOptions
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 * @property {string} what What it does, for the message when it fails.
 * @property {string} remedy What to do when it fails.
 * @property {(line: string) => void} [onErrorLine]
 */

/**
 * Runs a program quietly; when it fails, shows the end of what it said.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<string>} its standard output
 */
export function runQuietly(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    /** @type {string[]} */
    const lines = [];
    /** @param {string} text */
    const keep = (text) => {
      lines.push(...text.split("\n").filter((line) => line.trim() !== ""));
      lines.splice(0, Math.max(0, lines.length - SHOWN_LINES));
    };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      keep(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      keep(text);
      for (const line of text.split("\n")) if (line.trim() !== "") options.onErrorLine?.(line.trim());
    });
    child.on("error", (error) =>
      reject(
        new SetupError(
          `${options.what} failed: ${program} could not be started (${error.message}).`,
          options.remedy,
        ),
      ),
    );
    child.on("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new SetupError(
            `${options.what} failed (${signal ?? `exit code ${code}`}):\n${lines.join("\n")}`,
            options.remedy,
          ),
        );
    });
  });
}

/**
 * Runs a program in the foreground and resolves to its exit code. Signals reach it too, so that a killed set-up
 * leaves nothing behind.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 */
export function runInForeground(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: "inherit" });
    const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
    for (const signal of signals) process.on(signal, () => child.kill(signal));
    child.on("error", (error) =>
      reject(
        new SetupError(`${program} could not be started: ${error.message}.`, "Run `npm run setup` again."),
      ),
    );
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 1)));
  });
}
