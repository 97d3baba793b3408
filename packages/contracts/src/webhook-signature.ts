import { GroundplaneError } from "./errors.ts";
import { type WebhookMessage, webhookMessageSchema } from "./webhook.ts";

/** Of a secret's bytes: 192 to 512 bits, as Standard Webhooks asks for. */
const SECRET_BYTES = { least: 24, most: 64 };
const HMAC = { name: "HMAC", hash: "SHA-256" };

function decoded(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function keyOf(secret: string): ReturnType<typeof crypto.subtle.importKey> {
  const text = secret.trim();
  const bytes = text.startsWith("whsec_") ? decoded(text.slice("whsec_".length)) : undefined;
  if (bytes === undefined || bytes.length < SECRET_BYTES.least || bytes.length > SECRET_BYTES.most) {
    throw new GroundplaneError(
      "SECRETS_UNAVAILABLE",
      'a webhook secret is not in order: it is "whsec_" and the base64 of 24 to 64 random bytes. `echo "whsec_$(openssl rand -base64 32)"` makes one.',
    );
  }
  return crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign", "verify"]);
}

function signedContent(id: string, seconds: string, body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const head = encoder.encode(`${id}.${seconds}.`);
  const rest = typeof body === "string" ? encoder.encode(body) : body;
  const content = new Uint8Array(head.length + rest.length);
  content.set(head);
  content.set(rest, head.length);
  return content;
}

/** The headers of Standard Webhooks (standardwebhooks.com, version 1). */
export interface WebhookHeaders {
  readonly "webhook-id": string;
  /** Seconds since 1970, of this attempt. */
  readonly "webhook-timestamp": string;
  /** `v1,<base64 of the HMAC-SHA256>`, one for each secret, with spaces between. */
  readonly "webhook-signature": string;
}

/**
 * Signs a body under each secret, so that a receiver may have the old or the new one while it changes.
 *
 * @throws {SECRETS_UNAVAILABLE} when a secret is no `whsec_…`.
 */
export async function signWebhook(
  id: string,
  body: string,
  secrets: readonly string[],
  now: Date,
): Promise<WebhookHeaders> {
  const seconds = String(Math.floor(now.getTime() / 1000));
  const content = signedContent(id, seconds, body);
  const signatures = await Promise.all(
    secrets.map(async (secret) => {
      const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", await keyOf(secret), content));
      return `v1,${btoa(String.fromCharCode(...bytes))}`;
    }),
  );
  return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signatures.join(" ") };
}

/** Headers as Node's `request.headers` or a `Headers` object has them. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>> | FetchHeaders;

interface FetchHeaders {
  get(name: string): string | null;
}

function isFetchHeaders(headers: ReceivedHeaders): headers is FetchHeaders {
  return typeof headers["get"] === "function";
}

function headerOf(headers: ReceivedHeaders, name: keyof WebhookHeaders): string {
  const value = isFetchHeaders(headers) ? headers.get(name) : headers[name];
  if (typeof value === "string" && value !== "") return value;
  throw refused(`it has no header "${name}"`);
}

function refused(why: string): GroundplaneError {
  return new GroundplaneError("WEBHOOK_REFUSED", `the webhook is refused: ${why}.`, { facts: { why } });
}

export interface VerifyWebhookOptions {
  /** @default the system's clock */
  readonly now?: Date;
  /** How far the sender's clock may be off, and how old an attempt may be. @default 300 */
  readonly toleranceSeconds?: number;
}

/**
 * Checks that a webhook comes from someone who has the secret, unchanged and not long ago, and parses it. It may come
 * twice: remember the `id` of what you have dealt with.
 *
 * @param body As it was received. Parsing it and writing it again would change it.
 * @param secret The secret, or several of which one must fit, while it changes.
 * @throws {WEBHOOK_REFUSED} when it is not to be trusted. Answer with status 401.
 *
 * @example
 * const message = await verifyWebhook(request.headers, body, process.env.WEBHOOK_SECRET ?? "");
 */
export async function verifyWebhook(
  headers: ReceivedHeaders,
  body: string | Uint8Array,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): Promise<WebhookMessage> {
  const id = headerOf(headers, "webhook-id");
  const seconds = headerOf(headers, "webhook-timestamp");
  const now = (options.now ?? new Date()).getTime() / 1000;
  const tolerance = options.toleranceSeconds ?? 300;
  if (!/^\d{1,12}$/.test(seconds) || Math.abs(now - Number(seconds)) > tolerance)
    throw refused(`its time is more than ${tolerance} s from now`);
  const signatures = headerOf(headers, "webhook-signature")
    .split(" ")
    .flatMap((entry) => (entry.startsWith("v1,") ? (decoded(entry.slice("v1,".length)) ?? []) : []));
  const keys = await Promise.all([secret].flat().map(keyOf));
  const content = signedContent(id, seconds, body);
  // `verify` of Web Crypto compares in constant time.
  const fits = await Promise.all(
    keys.flatMap((key) =>
      signatures.map((signature) => crypto.subtle.verify("HMAC", key, signature, content)),
    ),
  );
  if (!fits.includes(true)) throw refused("no signature fits the secret");
  const message = webhookMessageSchema.safeParse(parsed(body));
  if (!message.success || message.data.id !== id) throw refused("its body is no message of Groundplane");
  return message.data;
}

function parsed(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
