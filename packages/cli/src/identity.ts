import { actorSchema, GroundplaneError } from "@groundplane/contracts";
import type { Terminal } from "./terminal.ts";

function accountName(terminal: Terminal): string {
  try {
    return terminal.userName();
  } catch (cause) {
    throw new GroundplaneError(
      "INVALID_ARGUMENT",
      "this account has no name in the system: say who you are with --as <login> or GROUNDPLANE_ACTOR.",
      { cause },
    );
  }
}

/**
 * Who asks or decides: `--as`, else `GROUNDPLANE_ACTOR`, else the account's login. It is claimed, not proven:
 * whoever can write the project's data folder can claim any name.
 *
 * @throws {INVALID_ARGUMENT} when the name is no login or e-mail address.
 */
export function actorOf(terminal: Terminal, as: string | undefined): string {
  const [from, name] =
    as !== undefined
      ? ["--as", as]
      : terminal.env.GROUNDPLANE_ACTOR
        ? ["GROUNDPLANE_ACTOR", terminal.env.GROUNDPLANE_ACTOR]
        : ["the account", accountName(terminal)];
  const parsed = actorSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new GroundplaneError(
    "INVALID_ARGUMENT",
    `"${name}" (from ${from}) is no login or e-mail address: give one with --as, such as --as ada or --as ada@example.com.`,
    { facts: { value: name, from } },
  );
}
