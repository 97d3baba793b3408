import { createHash, createHmac } from "node:crypto";
import { GroundplaneError, isGroundplaneError, shellQuote, UNKNOWN_TEXT } from "@groundplane/contracts";
import { hasUnknown, isObject, type Properties } from "@groundplane/provider";
import { MachineFiles, type SeenFile, sha256 } from "../remote/machine-files.ts";
import { FIND_PEER } from "../remote/peer.ts";
import { runScript, type ScriptResult } from "../remote/run-script.ts";
import { SessionSlots } from "../ssh/session-slots.ts";
import { SshSession } from "../ssh/ssh-session.ts";
import { scrub, shownOutput } from "./scrub.ts";
import { needsSetup } from "./setup-diff.ts";
import { readInputs, type SetupFile, type SetupInputs } from "./setup-inputs.ts";

/** A refresh does not wait for machines that are starting. */
const READ_CONNECT_SECONDS = 20;
/** Where the machine did not answer what was read before: a machine has several setups, one after the other. */
const SILENT_CONNECT_SECONDS = 2;

export interface SetupOutputs {
  readonly hostKey: string;
  readonly fileHashes: Readonly<Record<string, string>>;
  readonly healthy: boolean;
  readonly problems: readonly string[];
}

/** The machine was begun, and is not as it should be: the state keeps it, so that the next update mends it. */
export class HalfDone extends Error {
  readonly outputs: SetupOutputs;

  constructor(reason: string, outputs: SetupOutputs) {
    super(reason);
    this.outputs = outputs;
  }
}

/** The same for the same resource, so that a create that was killed goes on where it stood. */
export function setupId(urn: string): string {
  return `groundplane-${createHash("sha256").update(urn).digest("hex").slice(0, 20)}`;
}

/** What the plugin does on machines. */
export class SetupProvider {
  readonly #slots = new SessionSlots();
  /** Machines that did not answer when they were last read. */
  readonly #silent = new Set<string>();
  readonly #cancelled = new AbortController();

  /** Ends everything that runs, here and on the machines. */
  cancel(): void {
    this.#cancelled.abort();
  }

  /** What a create or an update leads to, as far as it is known before. */
  planned(
    inputs: Properties,
    held?: { readonly inputs: Properties; readonly outputs: Properties },
  ): Properties {
    const plan = readInputs(inputs);
    const same =
      held !== undefined && readInputs(held.inputs).connection.machineId === plan.connection.machineId;
    const first = same ? (held.outputs["hostKey"] ?? UNKNOWN_TEXT) : UNKNOWN_TEXT;
    const hashes = hasUnknown(inputs["files"])
      ? UNKNOWN_TEXT
      : Object.fromEntries(
          plan.files.map((file) => [file.path, stateHash(file, sha256(file.content), plan)]),
        );
    return {
      ...{ hostKey: plan.connection.hostKey ?? first, healthy: true, problems: [] },
      fileHashes: plan.connection.privateKey === UNKNOWN_TEXT ? UNKNOWN_TEXT : hashes,
    };
  }

  async create(id: string, inputs: Properties): Promise<SetupOutputs> {
    const plan = readInputs(inputs);
    return this.#on(
      plan,
      plan.connection.hostKey,
      () => plan.connectTimeoutSeconds,
      (session) => this.#setUp(session, id, plan),
    );
  }

  /** @param olds - inputs and outputs of the state */
  async update(
    id: string,
    olds: { readonly inputs: Properties; readonly outputs: Properties },
    inputs: Properties,
  ): Promise<SetupOutputs> {
    const plan = readInputs(inputs);
    const another = readInputs(olds.inputs).connection.machineId !== plan.connection.machineId;
    const pinned = plan.connection.hostKey ?? (another ? undefined : heldKey(olds.outputs));
    return this.#on(
      plan,
      pinned,
      () => plan.connectTimeoutSeconds,
      async (session) => {
        if (!needsSetup(olds.inputs, inputs, olds.outputs)) {
          const seen = await this.#see(session, id, plan);
          if (seen?.healthy === true) return seen;
        }
        return this.#setUp(session, id, plan);
      },
    );
  }

  /**
   * A machine that does not answer is not as it should be: a failure would stand in the way of what mends it.
   *
   * @returns undefined where the machine holds nothing of this resource
   */
  async read(id: string, inputs: Properties, outputs: Properties): Promise<SetupOutputs | undefined> {
    const plan = readInputs(inputs);
    const pinned = plan.connection.hostKey ?? heldKey(outputs);
    const seconds = (silent: boolean) =>
      Math.min(silent ? SILENT_CONNECT_SECONDS : READ_CONNECT_SECONDS, plan.connectTimeoutSeconds);
    try {
      return await this.#on(plan, pinned, seconds, (session) => this.#see(session, id, plan));
    } catch (error) {
      const before = heldOutputs(outputs);
      if (!isUnreachable(error) || before === undefined || this.#cancelled.signal.aborted) throw error;
      return { ...before, healthy: false, problems: [error.message] };
    }
  }

  async delete(id: string, inputs: Properties, outputs: Properties): Promise<void> {
    const plan = readInputs(inputs);
    const pinned = plan.connection.hostKey ?? heldKey(outputs);
    await this.#on(
      plan,
      pinned,
      () => READ_CONNECT_SECONDS,
      async (session) => {
        const files = this.#files(session, id, plan);
        // An earlier delete came to its end, or the machine was made anew: nothing of ours is there.
        if ((await files.look([])) === undefined) return;
        if (plan.reset !== undefined) {
          const result = await this.#script(session, plan, files, plan.reset);
          if (result.code !== 0) throw failed("reset", result, plan);
        }
        await files.retire([]);
        await files.forget();
      },
    );
  }

  async #setUp(session: SshSession, id: string, plan: SetupInputs): Promise<SetupOutputs> {
    const files = this.#files(session, id, plan);
    await files.begin();
    try {
      await files.retire(plan.files.map(({ path }) => path));
      for (const file of plan.files) await files.write(file);
      if (plan.setup !== undefined) {
        const result = await this.#script(session, plan, files, plan.setup);
        if (result.code !== 0) throw failed("setup", result, plan);
      }
      const seen = await this.#see(session, id, plan);
      if (seen?.healthy === true) return seen;
      const problems = seen?.problems.join("; ") ?? "its notes are gone";
      throw new GroundplaneError(
        "MACHINE_SETUP_FAILED",
        `after setup it is not as it should be: ${problems}`,
      );
    } catch (error) {
      const problem = messageOf(error, plan);
      const outputs = { hostKey: session.hostKey, fileHashes: {}, healthy: false, problems: [problem] };
      throw new HalfDone(problem, outputs);
    }
  }

  /** What the machine is like; undefined where it holds nothing of this resource. */
  async #see(session: SshSession, id: string, plan: SetupInputs): Promise<SetupOutputs | undefined> {
    const files = this.#files(session, id, plan);
    const there = await files.look(plan.files.map(({ path }) => path));
    if (there === undefined) return undefined;
    const problems = plan.files.flatMap((file) => fileProblems(file, there.get(file.path)));
    if (plan.check !== undefined) {
      const result = await this.#script(session, plan, files, plan.check);
      if (result.code !== 0) problems.push(failed("check", result, plan).message);
    }
    const fileHashes = Object.fromEntries(
      plan.files.map((file) => [file.path, stateHash(file, there.get(file.path)?.hash ?? "missing", plan)]),
    );
    return { hostKey: session.hostKey, fileHashes, healthy: problems.length === 0, problems };
  }

  #files(session: SshSession, id: string, plan: SetupInputs): MachineFiles {
    return new MachineFiles(session, id, rootBy(plan), this.#cancelled.signal);
  }

  #script(
    session: SshSession,
    plan: SetupInputs,
    files: MachineFiles,
    script: string,
  ): Promise<ScriptResult> {
    const state = `GROUNDPLANE_STATE=${shellQuote(files.ownFolder)}\nexport GROUNDPLANE_STATE\n`;
    const own = script.includes("GROUNDPLANE_PEER") ? state + FIND_PEER : state;
    const { timeoutSeconds } = plan;
    const signal = this.#cancelled.signal;
    return runScript(session, own + script, { timeoutSeconds, root: rootBy(plan), exclusive: true, signal });
  }

  /** @param connectSeconds - of a machine that did not answer the last time, or of another one; asked when its turn has come */
  #on<T>(
    plan: SetupInputs,
    hostKey: string | undefined,
    connectSeconds: (silent: boolean) => number,
    work: (session: SshSession) => Promise<T>,
  ): Promise<T> {
    const { host, port, user, privateKey } = plan.connection;
    const machine = `${host}:${port}`;
    return this.#slots.use(machine, async () => {
      const target = { host, port, user, privateKey, hostKey };
      const timeoutMs = connectSeconds(this.#silent.has(machine)) * 1000;
      const session = await SshSession.connect(target, { timeoutMs, signal: this.#cancelled.signal }).catch(
        (error: unknown) => {
          if (isUnreachable(error)) this.#silent.add(machine);
          throw error;
        },
      );
      this.#silent.delete(machine);
      try {
        return await work(session);
      } finally {
        session.end();
      }
    });
  }
}

const isUnreachable = (error: unknown): error is GroundplaneError =>
  isGroundplaneError(error) && error.code === "MACHINE_UNREACHABLE";

function rootBy(plan: SetupInputs): "sudo" | "as-is" {
  return plan.connection.user === "root" ? "as-is" : "sudo";
}

function heldKey(outputs: Properties): string | undefined {
  const key = outputs["hostKey"];
  return typeof key === "string" && key !== UNKNOWN_TEXT ? key : undefined;
}

/** What was seen last; undefined for one that never was. */
function heldOutputs(outputs: Properties): Pick<SetupOutputs, "hostKey" | "fileHashes"> | undefined {
  const hostKey = heldKey(outputs);
  const hashes = outputs["fileHashes"];
  if (hostKey === undefined || !isObject(hashes)) return undefined;
  const known = Object.entries(hashes).flatMap(([path, hash]) =>
    typeof hash === "string" ? [[path, hash] as const] : [],
  );
  return { hostKey, fileHashes: Object.fromEntries(known) };
}

function fileProblems(file: SetupFile, seen: SeenFile | undefined): string[] {
  if (seen === undefined || seen.hash === "missing") return [`${file.path} is missing`];
  if (seen.hash === "link" || seen.hash === "other") return [`${file.path} is no plain file`];
  const problems = [];
  if (seen.hash !== sha256(file.content)) problems.push(`${file.path} has another content`);
  if (seen.mode !== file.mode) problems.push(`${file.path} has mode ${seen.mode}, not ${file.mode}`);
  if (!seen.owner.includes(file.owner))
    problems.push(`${file.path} is of ${seen.owner[0]}, not ${file.owner}`);
  if (!seen.group.includes(file.group))
    problems.push(`${file.path} is of the group ${seen.group[0]}, not ${file.group}`);
  return problems;
}

/** A hash of a short secret gives it away to whoever tries all: the state gets a keyed one. */
function stateHash(file: SetupFile, hash: string, plan: SetupInputs): string {
  if (!file.secret || hash.length !== 64) return hash;
  return createHmac("sha256", plan.connection.privateKey)
    .update(file.path)
    .update("\0")
    .update(hash)
    .digest("hex");
}

function failed(what: string, result: ScriptResult, plan: SetupInputs): GroundplaneError {
  const how = result.timedOut
    ? `${what} did not end in ${plan.timeoutSeconds} s`
    : `${what} ended with exit code ${result.code}`;
  const said = shownOutput([result.stdout, result.stderr].join("\n"), plan.secrets, result.cut);
  return new GroundplaneError("MACHINE_SETUP_FAILED", said === "" ? how : `${how}:\n${said}`, {
    facts: { exitCode: result.code },
  });
}

function messageOf(error: unknown, plan: SetupInputs): string {
  const message = error instanceof Error ? error.message : String(error);
  return isGroundplaneError(error) ? message : scrub(message, plan.secrets);
}
