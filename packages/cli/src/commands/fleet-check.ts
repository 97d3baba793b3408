import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EXIT_CODES, GroundplaneError } from "@groundplane/contracts";
import { z } from "zod";
import type { CommandContext, CommandHandler } from "../command-context.ts";
import { INTERRUPTED } from "../exit-code.ts";
import type { ConnectivityReport, ProofRequest } from "../fleet/fleet-prover.ts";
import { fleetFolder, hostLoginOf } from "../fleet/fleet-source.ts";
import { commonOptionsSchema, parseInput } from "../options.ts";
import { connectivityLines } from "../render/connectivity.ts";
import { plainText } from "../render/plain-text.ts";
import { withPipeline } from "../session.ts";
import { type Terminal, writeLines } from "../terminal.ts";
import { requireOutputs } from "./look.ts";

const probeSchema = z.templateLiteral([z.string(), "=", z.ipv4()], "give it as internet=203.0.113.7");

const optionsSchema = commonOptionsSchema.extend({
  stack: z.string().min(1).default("fleet"),
  identity: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  wait: z.coerce.number().int().min(1).max(60).default(3),
  probe: z.array(probeSchema).default([]),
  all: z.boolean().default(false),
});

/** As OpenSSH would try them. */
const USUAL_KEYS = ["id_ed25519", "id_ecdsa", "id_rsa"];

/** @throws {INVALID_ARGUMENT} there is no file with a private key. */
async function privateKeyOf({ cwd, env }: Terminal, identity: string | undefined): Promise<string> {
  const usual = USUAL_KEYS.map((name) => join(env["HOME"] ?? "", ".ssh", name));
  for (const file of identity === undefined ? usual : [resolve(cwd, identity)]) {
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) continue;
    if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return text;
    throw new GroundplaneError("INVALID_ARGUMENT", `${file} is no private key: give one by --identity.`);
  }
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    identity === undefined
      ? `there is no key in ~/.ssh (${USUAL_KEYS.join(", ")}): give the one you log in with by --identity.`
      : `--identity ${identity} cannot be read.`,
  );
}

/** One line that is written over as machines get through; nothing where nobody looks. */
function progressLine(
  { stderr }: Terminal,
  json: boolean,
): Pick<ProofRequest, "onProgress"> & { end(): void } {
  if (json || !stderr.isTTY) return { onProgress: () => undefined, end: () => undefined };
  const write = (text: string): void => stderr.write(`\r\u001B[K${text}`);
  return {
    onProgress: ({ from, done, of }) =>
      write(`tried from ${done} of ${of} machines, last from ${plainText(from.name)}`),
    end: () => write(""),
  };
}

/** What is seen to be wrong weighs more than what could not be seen; where nothing was tried, nothing is known. */
function exitCodeOf({ broken, held, untriedSources }: ConnectivityReport): number {
  if (broken > 0) return EXIT_CODES.drift;
  return held === 0 || untriedSources.some(({ failed }) => failed) ? EXIT_CODES.systemError : EXIT_CODES.done;
}

/** Whether the machines of a deployed fleet can connect as the matrix says, and no more. */
export const check: CommandHandler = async (context: CommandContext) => {
  const options = parseInput(optionsSchema, context.options);
  const [environment] = parseInput(z.tuple([z.string()]), [context.arguments[0]]);
  const { stack, user, json } = options;
  const { terminal, style } = context;
  return withPipeline(context, options.project, async (pipeline, handle) => {
    const folder = fleetFolder(handle.project, environment, stack);
    if (handle.project.environments.get(environment)?.cloud !== "real")
      throw new GroundplaneError(
        "SANDBOX_INVALID",
        `"${environment}" is a sandbox: it has no machines to try connections from.`,
        { facts: { environment } },
      );
    const { values } = requireOutputs(pipeline.outputs({ environment, stack }), environment, stack);
    const privateKey = await privateKeyOf(terminal, options.identity);
    const hosts = await hostLoginOf(folder, environment, stack);
    const prove = await handle.fleetProver(folder);
    const controller = new AbortController();
    const stop = terminal.onInterrupt(() => controller.abort());
    const progress = progressLine(terminal, json);
    const report = await prove(values, {
      login: {
        privateKey,
        ...(user === undefined ? {} : { user }),
        ...(hosts === undefined ? {} : { hosts }),
      },
      probes: Object.fromEntries(
        options.probe.map((given) => {
          const [name = "", address = ""] = given.split("=");
          return [name, { name: address, address }];
        }),
      ),
      waitSeconds: options.wait,
      signal: controller.signal,
      onProgress: progress.onProgress,
    }).finally(() => {
      stop();
      progress.end();
    });
    if (controller.signal.aborted) return INTERRUPTED;
    if (json) terminal.stdout.write(`${JSON.stringify({ fleet: environment, ...report }, null, 2)}\n`);
    else writeLines(terminal.stdout, connectivityLines(environment, report, options, style));
    return exitCodeOf(report);
  });
};
