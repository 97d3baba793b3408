import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { isGroundplaneError } from "./errors.ts";
import type { WebhookMessage } from "./webhook.ts";
import { signWebhook, verifyWebhook } from "./webhook-signature.ts";

const SECRET = `whsec_${btoa("a".repeat(32))}`;
const OTHER = `whsec_${btoa("b".repeat(32))}`;
const ID = `msg_${"0".repeat(32)}`;
const message: WebhookMessage = {
  id: ID,
  type: "webhook.test",
  timestamp: "2026-11-21T05:00:00.000Z",
  data: { project: "shop" },
};
const body = JSON.stringify(message);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "fine",
    (error: unknown) => (isGroundplaneError(error) ? error.code : String(error)),
  );
}

describe("signWebhook", () => {
  test("signs as the specification's example does", async () => {
    // The test vector that the libraries of github.com/standard-webhooks/standard-webhooks share.
    const headers = await signWebhook(
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      '{"test": 2432232314}',
      ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
      new Date(1_614_265_330_000),
    );
    expect(headers).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  test("is understood by the specification's own library, under the old and the new secret", async () => {
    const headers = { ...(await signWebhook(ID, body, [OTHER, SECRET], new Date())) };
    for (const secret of [SECRET, OTHER]) expect(new Webhook(secret).verify(body, headers)).toEqual(message);
  });

  test.each([
    "",
    "hunter2",
    "whsec_",
    "whsec_%%%",
    `whsec_${btoa("a".repeat(23))}`,
    `whsec_${btoa("a".repeat(65))}`,
  ])("fails when the secret is %j, and does not repeat it", async (secret) => {
    const error: unknown = await signWebhook(ID, body, [secret], new Date()).catch(
      (caught: unknown) => caught,
    );
    expect(isGroundplaneError(error) && error.code).toBe("SECRETS_UNAVAILABLE");
    if (secret.length > 10) expect(String(error)).not.toContain(secret);
  });
});

describe("verifyWebhook", () => {
  const now = new Date("2026-11-21T05:00:00.000Z");
  const signed = (secrets = [SECRET]) => signWebhook(ID, body, secrets, now);

  test("hands back what was sent, from either kind of headers and body", async () => {
    const headers = await signed();
    expect(await verifyWebhook({ ...headers }, body, SECRET, { now })).toEqual(message);
    expect(
      await verifyWebhook(new Headers({ ...headers }), new TextEncoder().encode(body), SECRET, { now }),
    ).toEqual(message);
  });

  test("understands what the specification's own library signs", async () => {
    const signature = new Webhook(SECRET).sign(ID, now, body);
    const headers = { ...(await signed()), "webhook-signature": signature };
    expect(await verifyWebhook(headers, body, SECRET, { now })).toEqual(message);
  });

  test("takes any of several secrets, and any of several signatures", async () => {
    expect(await verifyWebhook({ ...(await signed()) }, body, [OTHER, SECRET], { now })).toEqual(message);
    expect(await verifyWebhook({ ...(await signed([OTHER, SECRET])) }, body, SECRET, { now })).toEqual(
      message,
    );
    const { "webhook-signature": fits, ...rest } = await signed();
    const several = { ...rest, "webhook-signature": `v1a,abc v1,%% v1,YQ== ${fits}` };
    expect(await verifyWebhook(several, body, SECRET, { now })).toEqual(message);
  });

  test("fails with another secret, body, id or time, and without a header", async () => {
    const headers = { ...(await signed()) };
    const refuse = (changed: object, text = body, secret = SECRET) =>
      codeOf(verifyWebhook({ ...headers, ...changed }, text, secret, { now }));
    expect(await refuse({})).toBe("fine");
    expect(await refuse({}, body, OTHER)).toBe("WEBHOOK_REFUSED");
    expect(await refuse({}, body.replace("shop", "shed"))).toBe("WEBHOOK_REFUSED");
    expect(await refuse({ "webhook-id": `msg_${"1".repeat(32)}` })).toBe("WEBHOOK_REFUSED");
    expect(await refuse({ "webhook-timestamp": String(now.getTime() / 1000 + 1) })).toBe("WEBHOOK_REFUSED");
    for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"])
      expect(await refuse({ [name]: undefined })).toBe("WEBHOOK_REFUSED");
    expect(await refuse({ "webhook-timestamp": "soon" })).toBe("WEBHOOK_REFUSED");
  });

  test("fails when the attempt is more than five minutes old, or ahead", async () => {
    const headers = { ...(await signed()) };
    const at = (seconds: number) =>
      codeOf(verifyWebhook(headers, body, SECRET, { now: new Date(now.getTime() + seconds * 1000) }));
    expect([await at(300), await at(-300)]).toEqual(["fine", "fine"]);
    expect([await at(301), await at(-301)]).toEqual(["WEBHOOK_REFUSED", "WEBHOOK_REFUSED"]);
  });

  test("fails when a signed body is no message", async () => {
    for (const text of ["{}", "no JSON", JSON.stringify({ ...message, type: "run.deleted" })]) {
      const headers = { ...(await signWebhook(ID, text, [SECRET], now)) };
      expect(await codeOf(verifyWebhook(headers, text, SECRET, { now }))).toBe("WEBHOOK_REFUSED");
    }
  });

  test("fails for any signature that was not made with the secret", async () => {
    const headers = await signed();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 40 }), async (bytes) => {
        const forged = { ...headers, "webhook-signature": `v1,${btoa(String.fromCharCode(...bytes))}` };
        expect(await codeOf(verifyWebhook(forged, body, SECRET, { now }))).toBe("WEBHOOK_REFUSED");
      }),
      { numRuns: 50 },
    );
  });
});
