import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { GroundplaneError } from "@groundplane/contracts";
import type { WebhookDefinition } from "./webhook-definition.ts";

/**
 * Reads a webhook's secrets where they are, each time anew: a changed file counts from the next message on.
 *
 * @throws {SECRETS_UNAVAILABLE} naming the variable or file that holds none.
 */
export function readWebhookSecrets(
  { name, secrets }: WebhookDefinition,
  root: string,
): Promise<readonly string[]> {
  return Promise.all(
    secrets.map(async (source) => {
      const [where, text] =
        "env" in source
          ? [`variable ${source.env}`, process.env[source.env]]
          : [source.file, await readFile(resolve(root, source.file), "utf8").catch(() => undefined)];
      const secret = text?.trim() ?? "";
      if (secret !== "") return secret;
      throw new GroundplaneError(
        "SECRETS_UNAVAILABLE",
        `webhook "${name}": ${where} does not hold its secret. Nothing is sent unsigned; what waits is sent once it does.`,
        { facts: { webhook: name, where } },
      );
    }),
  );
}
