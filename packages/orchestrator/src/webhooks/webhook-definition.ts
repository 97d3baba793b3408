import { GroundplaneError, WEBHOOK_EVENTS, type WebhookEvent } from "@groundplane/contracts";
import { z } from "zod";

const secretSourceSchema = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable") }),
  z.strictObject({ file: z.string().min(1) }),
]);

function isAllowed(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== "" || url.password !== "") return false;
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

const webhookSchema = z.strictObject({
  name: z
    .string()
    .max(40)
    .regex(
      /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
      "lower-case letters, digits and dashes, beginning with a letter",
    ),
  url: z
    .string()
    .refine(isAllowed, "an https URL without user and password; http is for 127.0.0.1, ::1 and localhost"),
  secret: z.union([secretSourceSchema.transform((one) => [one]), z.array(secretSourceSchema).min(1).max(5)]),
  events: z
    .array(z.enum(WEBHOOK_EVENTS))
    .min(1)
    .default([...WEBHOOK_EVENTS]),
  environments: z.array(z.string()).min(1).optional(),
});

/** Where a secret is: never the secret itself. */
export type WebhookSecretSource =
  | {
      /** Name of a variable of the process that delivers. */
      readonly env: string;
    }
  | {
      /** Path of a file, relative to the project file. */
      readonly file: string;
    };

export interface WebhookOptions {
  /** What `groundplane webhooks` calls it, and under which its place in the journal is kept: the URL may change. */
  readonly name: string;
  /** https; http only to this machine. */
  readonly url: string;
  /**
   * Where its secret is: `whsec_` and the base64 of 24 to 64 random bytes. Several while it changes: a message is
   * signed under each.
   */
  readonly secret: WebhookSecretSource | readonly WebhookSecretSource[];
  /** @default all of them */
  readonly events?: readonly WebhookEvent[];
  /** Names of environments. @default all of them */
  readonly environments?: readonly string[];
}

export interface WebhookDefinition {
  readonly name: string;
  readonly url: string;
  readonly secrets: readonly WebhookSecretSource[];
  readonly events: readonly WebhookEvent[];
  /** Undefined for all. */
  readonly environments: readonly string[] | undefined;
}

function invalid(message: string, facts: Readonly<Record<string, string>>): GroundplaneError {
  return new GroundplaneError("PROJECT_INVALID", message, { facts });
}

/**
 * Checks a project's webhooks. A URL is not repeated in an error, as it may hold what only its receiver may know.
 *
 * @throws {PROJECT_INVALID} naming the webhook and the field.
 */
export function parseWebhooks(
  webhooks: readonly WebhookOptions[],
  environments: readonly string[],
): readonly WebhookDefinition[] {
  const parsed = webhooks.map((options, index) => {
    const name = typeof options.name === "string" ? options.name : `number ${index + 1}`;
    const result = webhookSchema.safeParse(options);
    if (!result.success) {
      const [issue] = result.error.issues;
      const path = issue?.path.join(".") ?? "";
      throw invalid(`webhook "${name}": ${path}: ${issue?.message}.`, { webhook: name, path });
    }
    const { secret, ...rest } = result.data;
    const unknown = rest.environments?.find((environment) => !environments.includes(environment));
    if (unknown !== undefined) {
      throw invalid(
        `webhook "${name}": no environment is named "${unknown}". The project has: ${environments.join(", ") || "none"}.`,
        { webhook: name, environment: unknown },
      );
    }
    return { ...rest, environments: rest.environments, secrets: secret };
  });
  const names = parsed.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw invalid(`two webhooks are named "${twice}": rename one of them.`, { webhook: twice });
  return parsed;
}
