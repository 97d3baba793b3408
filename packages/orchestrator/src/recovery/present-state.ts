import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isGroundplaneError, type Sha256 } from "@groundplane/contracts";
import { sha256OfBytes } from "../digest/hash-files.ts";
import type { StackState } from "../engine/stack-state.ts";
import { currentState, type RunContext } from "../pipeline/run-context.ts";

/** What stands in the backend, whether it is in order or not. */
export interface PresentState {
  /** Absent when what stands there is no state. */
  readonly state?: StackState;
  /** Why it is none. */
  readonly unreadable?: string;
  /** The broken file; absent in a backend that is no folder, where the engine leaves it as `<stack>.json.bak`. */
  readonly broken?: { readonly name: string; readonly bytes: Uint8Array };
  readonly digest: Sha256;
}

async function modifiedAt(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

/** The checkpoint's file in a file backend: compressed or not, the newer of both (pkg/backend/diy/state.go, stackPath). */
async function checkpointFile({ engine, stack, environment }: RunContext): Promise<string | undefined> {
  const backend = engine.env["PULUMI_BACKEND_URL"] ?? "";
  if (!backend.startsWith("file://")) return undefined;
  const plain = join(fileURLToPath(backend), ".pulumi/stacks", stack.name, `${environment.name}.json`);
  const [plainAt, zippedAt] = [await modifiedAt(plain), await modifiedAt(`${plain}.gz`)];
  if (zippedAt !== undefined && !(plainAt !== undefined && plainAt > zippedAt)) return `${plain}.gz`;
  return plainAt === undefined ? undefined : plain;
}

/**
 * Reads what stands, and takes a corrupt state for what it is.
 *
 * @throws {STATE_UNREADABLE} when the backend does not answer: what stands there is not known then.
 */
export async function presentState(context: RunContext): Promise<PresentState> {
  try {
    const state = await currentState(context);
    return { state, digest: state.digest };
  } catch (error) {
    if (!isGroundplaneError(error) || error.code !== "STATE_CORRUPT") throw error;
    const unreadable = error.message.split(". ")[0] ?? error.message;
    const file = await checkpointFile(context);
    if (file === undefined) return { unreadable, digest: sha256OfBytes(`corrupt ${unreadable}`) };
    const bytes = await readFile(file);
    const name = file.endsWith(".gz") ? "state-broken.json.gz" : "state-broken.json";
    return { unreadable, broken: { name, bytes }, digest: sha256OfBytes(bytes) };
  }
}
