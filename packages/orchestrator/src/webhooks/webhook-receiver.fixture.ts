import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { verifyWebhook, type WebhookMessage } from "@groundplane/contracts";

export const SECRET = `whsec_${btoa("s".repeat(32))}`;
export const SECRET_VARIABLE = "TEST_WEBHOOK_SECRET";

/** What a receiver does with a message: a status, a redirect, or nothing at all. */
export type Answer = number | { readonly redirect: string } | "hang";

/** A real receiver on loopback. It takes nothing that is not signed. */
export class WebhookReceiver {
  readonly url: string;
  /** Every message that came, in order, whatever was answered. */
  readonly came: WebhookMessage[] = [];
  /** Messages that were taken. */
  readonly taken: WebhookMessage[] = [];
  /** Asked for each message. */
  answer: (message: WebhookMessage) => Answer = () => 204;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}/hook`;
  }

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new TypeError("the server has no port");
    const receiver = new WebhookReceiver(server, address.port);
    server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const message = await verifyWebhook(request.headers, Buffer.concat(chunks), SECRET);
      receiver.came.push(message);
      const answer = receiver.answer(message);
      if (answer === "hang") return;
      if (typeof answer === "object") response.setHeader("location", answer.redirect);
      response.statusCode = typeof answer === "number" ? answer : 307;
      if (response.statusCode < 300) receiver.taken.push(message);
      response.end("an answer that nobody keeps");
    });
    return receiver;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
