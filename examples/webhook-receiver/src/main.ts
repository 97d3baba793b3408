import { createServer, type IncomingMessage } from "node:http";
import { isGroundplaneError, verifyWebhook, type WebhookMessage } from "@groundplane/contracts";

const MAX_BODY = 64 * 1024;
/** Kept for as long as this process lives: a real receiver keeps them where it keeps what came of them. */
const dealtWith = new Set<string>();

/** The bytes as they came: parsed and written again they would not fit their signature. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function wordsFor(message: WebhookMessage): string {
  switch (message.type) {
    case "run.created":
      return `${message.data.requester} asks for ${message.data.operation} of ${message.data.environment}/${message.data.stack}`;
    case "run.moved":
      return `${message.data.run} is ${message.data.to}${message.data.outcome === undefined ? "" : `, ${message.data.outcome}`}`;
    case "stack.approval.decided":
      return `${message.data.decision.by}: ${message.data.decision.verdict} ${message.data.run}`;
    case "webhook.test":
      return `a test from ${message.data.project}`;
  }
}

async function statusFor(request: IncomingMessage): Promise<number> {
  if (request.method !== "POST") return 405;
  const body = await bodyOf(request);
  if (body === undefined) return 413;
  try {
    const message = await verifyWebhook(request.headers, body, process.env["WEBHOOK_SECRET"] ?? "");
    if (!dealtWith.has(message.id)) console.log(wordsFor(message));
    dealtWith.add(message.id);
    return 204;
  } catch (error) {
    if (isGroundplaneError(error) && error.code === "WEBHOOK_REFUSED") return 401;
    console.error(error);
    return 500;
  }
}

const server = createServer(async (request, response) => {
  response.statusCode = await statusFor(request).catch(() => 400);
  response.end();
});
server.listen(Number(process.env["PORT"] ?? 8090), "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on port ${typeof address === "object" ? address?.port : address}`);
});
