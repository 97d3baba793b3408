import { channel } from "node:diagnostics_channel";

/** Where a program tells the engine's process which values are secret; under plain Pulumi nobody listens. */
const secrets = channel("groundplane.secret");

/** A secret value that the program was handed, so that no error may quote it. */
export function tellSecret(value: unknown): void {
  secrets.publish(value);
}

/** Hears of every secret that is told from now on. */
export function onSecret(listener: (value: unknown) => void): void {
  secrets.subscribe((value) => listener(value));
}
