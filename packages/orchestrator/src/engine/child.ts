// Entry of the child process in which one engine command runs. It leads its own process group, so that the parent
// can end it together with everything it started.
import "./defer-own-sdk.ts";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isGroundplaneError } from "@groundplane/contracts";
import { LanguageServer } from "@pulumi/pulumi/automation/server.js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { allConfig, isConfigSecret } from "@pulumi/pulumi/runtime/config.js";
import { z } from "zod";
import { type ConfigEntry, plainConfig } from "../define/parse-config.ts";
import type { PlannedUpstreams } from "../define/planned-upstream-schema.ts";
import type { AnyStack } from "../define/stack.ts";
import { sha256OfBytes } from "../digest/hash-files.ts";
import { sleeplessNow } from "../lease/sleepless-clock.ts";
import { secretCarrier } from "./carry-secrets.ts";
import { serve, serveEvents } from "./child-server.ts";
import { pluginEnvironment } from "./compile-cache.ts";
import { endSession } from "./end-session.ts";
import { engineLimits } from "./engine-limits.ts";
import {
  type EngineMessage,
  type EngineRequest,
  type EngineTask,
  engineTaskSchema,
  leaseBeatSchema,
} from "./engine-request.ts";
import { engineArguments } from "./flags.ts";
import { runPulumi } from "./pulumi-cli.ts";
import "./pulumi-internals.ts";
import "./untraced-promises.ts";
import { runPreflight } from "./run-preflight.ts";
import { scrubber, stringsIn } from "./scrub.ts";
import { onSecret } from "./secret-channel.ts";
import { endOnStrayError } from "./stray-error.ts";
import { translateEvent } from "./translate-event.ts";
import { withUnknownWords } from "./unknown-value.ts";
import { RUNS_PROGRAM } from "./waiting-child.ts";

/** How much of what the engine printed is kept for an error message. */
const KEPT_TEXT = 16_384;

let scrub: (text: string) => string = (text) => text;
/** What may be told: no secret, and words where a value is not known yet. */
const told = (text: string): string => withUnknownWords(scrub(text));
const known = new Set<string>();

/** Text is scrubbed of these from now on: of the values themselves, and of each string in what they are as JSON. */
function learn(values: Iterable<string>): void {
  for (const value of values) for (const text of [value, ...stringsIn(parsedJson(value))]) known.add(text);
  scrub = scrubber(known);
}

let pending: Promise<void> = Promise.resolve();

function send(message: EngineMessage): void {
  const sent = new Promise<void>((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, () => resolve());
  });
  pending = pending.then(() => sent);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** From inside the program, where the config is decrypted: what text must be scrubbed of. */
function learnSecrets(): void {
  const config = Object.entries(allConfig());
  learn(config.filter(([key]) => isConfigSecret(key)).map(([, text]) => text));
}

const configSchema = z.record(z.string(), z.object({ value: z.string().optional(), secret: z.boolean() }));

/** The engine is asked: the values go no further than this process, and text is scrubbed of the secret ones. */
async function decryptedConfig(request: EngineRequest): Promise<ReadonlyMap<string, ConfigEntry>> {
  const { code, stdout, stderr } = await runPulumi(
    ["config", "--json", "--show-secrets", `--stack=${request.stack}`],
    {
      pulumi: request.pulumi,
      cwd: request.workFolder,
      env: process.env,
      timeoutMs: engineLimits().commandMs,
    },
  );
  if (code !== 0) throw new TypeError(`the config cannot be decrypted: ${stderr.trim().split("\n").at(-1)}`);
  const config = Object.entries(configSchema.parse(JSON.parse(stdout)));
  const entries = config.flatMap(([key, { secret, value }]): [string, ConfigEntry][] =>
    value === undefined ? [] : [[key, { text: value, secret }]],
  );
  learn(entries.flatMap(([, { secret, text }]) => (secret ? [text] : [])));
  return new Map(entries);
}

/** Where no program runs that would be handed them. */
async function learnConfigSecrets(request: EngineRequest): Promise<void> {
  const settings = await readFile(join(request.workFolder, `Pulumi.${request.stack}.yaml`), "utf8");
  if (settings.includes("secure:")) await decryptedConfig(request);
}

/** Whether nothing speaks against beginning. */
async function passesPreflight(request: EngineRequest, limitMs: number): Promise<boolean> {
  const startedAt = performance.now();
  const { preflight, stackName, config } = await loadStack(request);
  const prefix = `${stackName}:`;
  const entries = [...(await decryptedConfig(request))].filter(([key]) => key.startsWith(prefix));
  const own = new Map(entries.map(([key, entry]) => [key.slice(prefix.length), entry]));
  const found = await runPreflight(async (signal) => {
    const values = plainConfig({ stackName, config }, request.stack, own);
    // Parsed by the definition's own schema, which is what its preflight's type was made from.
    return preflight?.({ environment: request.stack, config: values, signal } as never) ?? [];
  }, limitMs);
  const problems = found.map(({ subject, problem, remedy }) => ({
    subject: told(subject),
    problem: told(problem),
    remedy: told(remedy),
  }));
  send({ kind: "preflight", problems, durationMs: performance.now() - startedAt });
  return problems.length === 0;
}

function runsNoProgram(): Promise<Record<string, unknown>> {
  return Promise.reject(new TypeError("reading the cloud runs no program"));
}

async function loadStack({ entry, entryDigest }: EngineRequest): Promise<AnyStack> {
  if (entryDigest !== undefined && sha256OfBytes(await readFile(entry)) !== entryDigest) {
    throw new TypeError(`${entry} was changed since it was put there`);
  }
  // Not before: a child that only reads the cloud does without most of the SDK.
  const { isStackDefinition } = await import("../define/stack.ts");
  const module: { default?: unknown } = await import(pathToFileURL(entry).href);
  const stack = module.default;
  if (!isStackDefinition(stack)) {
    throw new TypeError(`${entry} does not export a defineStack as its default`);
  }
  return stack;
}

async function loadProgram(request: EngineRequest): Promise<() => Promise<Record<string, unknown>>> {
  const stack = await loadStack(request);
  if (typeof stack !== "function") {
    throw new TypeError(`${request.entry} does not export a defineStack as its default`);
  }
  const program: (planned?: PlannedUpstreams) => Promise<Record<string, unknown>> = stack;
  // Outputs of other stacks, which the program is handed as it runs.
  onSecret((value) => learn(stringsIn(value)));
  return () => {
    learnSecrets();
    return program(request.planned);
  };
}

let stopEngine: () => void = () => undefined;
let stopsAlone = false;
let unitEnds = false;

/** Within this, whoever ends every process of a unit has reached each of them. */
const UNIT_ENDS_MS = 300;

/**
 * The engine takes a second signal as "now". Where a service manager sends SIGTERM to every process of a unit, the
 * engine has had its first one from there.
 */
function interruptOnce(): void {
  setTimeout(() => {
    if (!unitEnds) stopEngine();
  }, UNIT_ENDS_MS);
}

/** The engine finishes what is under way; one that has not begun is stopped when it does. Then as the parent would. */
function stopAlone({ interruptMs, terminateMs }: EngineTask["escalation"]): void {
  if (stopsAlone) return;
  stopsAlone = true;
  interruptOnce();
  setTimeout(() => stopEngine(), interruptMs);
  setTimeout(() => endSession(process.pid), interruptMs + terminateMs);
}

/** When nobody renews the lease any more, someone else may soon change the stack. */
function whenLeaseFallsSilent(
  { silenceMs, ageMs }: NonNullable<EngineRequest["lease"]>,
  stop: () => void,
): void {
  let beatAt = sleeplessNow() - ageMs;
  process.on("message", (message) => {
    const beat = leaseBeatSchema.safeParse(message);
    if (beat.success) beatAt = sleeplessNow() - beat.data.ageMs;
  });
  const guard = setInterval(() => {
    if (sleeplessNow() - beatAt < silenceMs) return;
    clearInterval(guard);
    stop();
  }, silenceMs / 8);
}

function runEngine(request: EngineRequest, args: readonly string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve, reject) => {
    const engine = spawn(request.pulumi, args, {
      cwd: request.workFolder,
      env: pluginEnvironment(process.env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    const keep = (chunk: Buffer): void => {
      // Four times as much is held, so that a secret that the cut goes through is not in what is told.
      text = (text + chunk.toString("utf8")).slice(-4 * KEPT_TEXT);
    };
    engine.stdout.on("data", keep);
    engine.stderr.on("data", keep);
    engine.on("error", reject);
    engine.on("close", (code, signal) =>
      resolve({ code: code ?? (signal === null ? 255 : 128), text: told(text).slice(-KEPT_TEXT) }),
    );
    // The parent's wish to cancel: one interrupt lets the engine finish what is under way; the parent escalates.
    process.on("SIGINT", interruptOnce);
    stopEngine = () => engine.kill("SIGINT");
    if (stopsAlone) interruptOnce();
  });
}

async function run(request: EngineTask): Promise<void> {
  // Without a parent nobody journals what happens: stop at the next safe point.
  const stop = (): void => stopAlone(request.escalation);
  process.once("disconnect", stop);
  if (request.lease !== undefined) whenLeaseFallsSilent(request.lease, stop);
  // The engine may be wanted elsewhere, but a program's relative paths are meant from its own folder.
  process.chdir(request.stackFolder);
  // Neither runs the program.
  const drift = request.command === "drift" || request.command === "settle";
  if (drift) await learnConfigSecrets(request);
  if (request.preflightMs !== undefined && !(await passesPreflight(request, request.preflightMs))) {
    return send({ kind: "exit", code: 1, text: "the preflight found problems" });
  }
  // A preview's engine takes its time until it asks for the program: that is loaded meanwhile.
  const loaded = drift ? Promise.resolve(runsNoProgram) : loadProgram(request);
  let unloadable: { readonly error: unknown } | undefined;
  loaded.catch((error: unknown) => {
    unloadable = { error };
  });
  // One that breaks while it is loaded may end this process: before an engine that changes anything, not under it.
  if (request.command === "up" || request.command === "destroy") await loaded;
  const language = new LanguageServer(async () => (await loaded)());
  endOnStrayError(language);
  const client = await serve(LanguageRuntimeService, language);
  const carry = drift || request.refresh === true ? secretCarrier() : undefined;
  const events = await serveEvents((json) => {
    const message = translateEvent(JSON.parse(json), told);
    if (message === undefined) return;
    send(carry !== undefined && "step" in message ? { ...message, step: carry(message.step) } : message);
  });
  const { code, text } = await runEngine(request, engineArguments(request, client.port, events.port));
  client.server.forceShutdown();
  events.server.forceShutdown();
  if (unloadable !== undefined) throw unloadable.error;
  send({ kind: "exit", code, text });
}

function broken(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  send({
    kind: "broken",
    message: told(message),
    ...(isGroundplaneError(error) ? { code: error.code } : {}),
  });
}

// What the engine still tells has to reach the parent: this process ends when the engine has.
process.on("SIGTERM", () => {
  unitEnds = true;
});

// Outside of the program's own run, which has its handlers: nothing may end the child without a word.
process.on("uncaughtException", (error) => {
  broken(error);
  void pending.then(() => process.exit(1));
});

// Every program imports `defineStack` from it; it is our own code, and none of the program's.
if (process.argv.includes(RUNS_PROGRAM)) import("../index.ts").catch(broken);

process.once("message", (raw: unknown) => {
  run(engineTaskSchema.parse(raw))
    .catch(broken)
    .finally(async () => {
      await pending;
      // Providers' and the SDK's handles would keep the process alive.
      process.exit(0);
    });
});
