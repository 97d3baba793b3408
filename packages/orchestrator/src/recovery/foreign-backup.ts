import { GroundplaneError, type JsonValue } from "@groundplane/contracts";
import { z } from "zod";
import type { StackState } from "../engine/stack-state.ts";
import { type RunContext, saltedSettings } from "../pipeline/run-context.ts";

const cloudSchema = z.looseObject({ url: z.string() });
const passphraseSchema = z.looseObject({ salt: z.string() });

function urlOf(state: JsonValue | undefined): string | undefined {
  return cloudSchema.safeParse(state).data?.url;
}

function saltOf(state: JsonValue | undefined): string | undefined {
  return passphraseSchema.safeParse(state).data?.salt;
}

type Subject = Pick<RunContext, "stack" | "environment" | "engine" | "settings">;

/** What encrypts the secrets of the kept state, where it is not what encrypts those of the stack. */
function foreignSecrets(
  subject: Subject,
  wanted: StackState,
  present: StackState | undefined,
): string | undefined {
  const { engine } = subject;
  const provider = wanted.secretsProvider;
  if (provider === undefined) return undefined;
  const type = engine.secretsProvider === "passphrase" ? "passphrase" : "cloud";
  if (provider.type !== type) return `a ${provider.type} encrypts its secrets, and here a ${type} does`;
  if (type === "cloud") {
    const url = urlOf(provider.state);
    return url === engine.secretsProvider
      ? undefined
      : `${url ?? "an unknown key"} encrypts its secrets, and here ${engine.secretsProvider} does`;
  }
  const salt = present?.salt ?? saltedSettings(subject).encryptionsalt;
  return salt === undefined || saltOf(provider.state) === salt
    ? undefined
    : "another passphrase or salt encrypts its secrets";
}

/**
 * Refuses a kept state that is not this stack's.
 *
 * @throws {BACKUP_REFUSED} naming what shows it.
 */
export function refuseForeignBackup(
  subject: Subject,
  wanted: StackState,
  present: StackState | undefined,
): void {
  const { stack, environment } = subject;
  const prefix = `urn:pulumi:${environment.name}::${stack.name}::`;
  const stranger = [...wanted.resources, ...wanted.pendingOperations].find(
    ({ urn }) => !urn.startsWith(prefix),
  );
  const why =
    stranger === undefined
      ? foreignSecrets(subject, wanted, present)
      : `it holds ${stranger.urn}, which is of another stack or environment`;
  if (why === undefined) return;
  throw new GroundplaneError(
    "BACKUP_REFUSED",
    `the kept state is not one of "${stack.name}" in "${environment.name}" as it is now: ${why}. Nothing was changed.`,
    { facts: { stack: stack.name, environment: environment.name } },
  );
}
