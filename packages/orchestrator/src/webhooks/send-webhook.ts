import { signWebhook, type WebhookMessage } from "@groundplane/contracts";

/** What came of one attempt. `gone`: the receiver wants no more (status 410). */
export type Sent =
  | { readonly how: "delivered" }
  | { readonly how: "failed" | "gone"; readonly error: string };

/** Of an attempt, from the connection to the head of the answer. */
export const ATTEMPT_MS = 5_000;

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (typeof cause === "object" && cause !== null && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.name : "unknown";
}

/**
 * Sends one message once. Says what went wrong by status or code: an answer, or a URL, is not repeated.
 *
 * @throws {SECRETS_UNAVAILABLE} when a secret is no `whsec_…`.
 */
export async function sendWebhook(
  url: string,
  message: WebhookMessage,
  secrets: readonly string[],
  options: { readonly now: Date; readonly signal?: AbortSignal; readonly attemptMs?: number },
): Promise<Sent> {
  const { now, signal, attemptMs = ATTEMPT_MS } = options;
  const body = JSON.stringify(message);
  const signed = await signWebhook(message.id, body, secrets, now);
  const limit = AbortSignal.timeout(attemptMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "groundplane",
        ...signed,
      },
      body,
      // Who answers elsewhere has not got it, and elsewhere was not agreed on.
      redirect: "manual",
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    await response.body?.cancel();
    if (response.ok) return { how: "delivered" };
    return { how: response.status === 410 ? "gone" : "failed", error: `HTTP ${response.status}` };
  } catch (error) {
    if (signal?.aborted === true) return { how: "failed", error: "no answer before the command ended" };
    if (limit.aborted) return { how: "failed", error: `no answer within ${attemptMs / 1000} s` };
    return { how: "failed", error: codeOf(error) };
  }
}
