import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { z } from "zod";

const attributeSchema = z.object({
  key: z.string(),
  value: z.object({ stringValue: z.string().optional(), intValue: z.coerce.number().optional() }),
});
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.coerce.bigint(),
  endTimeUnixNano: z.coerce.bigint(),
  attributes: z.array(attributeSchema),
  status: z.object({ code: z.number().optional() }),
});
const tracesSchema = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) })),
});
const metricsSchema = z.object({
  resourceMetrics: z.array(
    z.object({
      scopeMetrics: z.array(z.object({ metrics: z.array(z.object({ name: z.string() })) })),
    }),
  ),
});

export type ReceivedSpan = z.output<typeof spanSchema>;

/** An OTLP/HTTP endpoint on loopback that takes JSON. */
export class OtlpReceiver {
  readonly url: string;
  /** Every byte that came. */
  readonly bodies: string[] = [];
  readonly spans: ReceivedSpan[] = [];
  readonly metrics = new Set<string>();
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<OtlpReceiver> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new TypeError("the server has no port");
    const receiver = new OtlpReceiver(server, address.port);
    server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      receiver.#take(request.url ?? "", Buffer.concat(chunks).toString("utf8"));
      response.setHeader("content-type", "application/json");
      response.end("{}");
    });
    return receiver;
  }

  #take(path: string, body: string): void {
    this.bodies.push(body);
    if (path === "/v1/traces") {
      const { resourceSpans } = tracesSchema.parse(JSON.parse(body));
      this.spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
    } else {
      const { resourceMetrics } = metricsSchema.parse(JSON.parse(body));
      const all = resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(({ metrics }) => metrics),
      );
      for (const { name } of all) this.metrics.add(name);
    }
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** An attribute of a span, as text. */
export function attributeOf(span: ReceivedSpan | undefined, key: string): string | undefined {
  const value = span?.attributes.find((attribute) => attribute.key === key)?.value;
  return value?.stringValue ?? value?.intValue?.toString();
}
