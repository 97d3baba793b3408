import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { UNTIL_DONE, UNTIL_UP } from "../live/events.fixture.ts";
import { CommandTelemetry } from "./command-telemetry.ts";

// The SDK is loaded by the first test, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

async function endpoint(
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    answer(request, response, Buffer.concat(chunks));
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${portOf(address)}`;
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return address.port;
}

interface Posted {
  readonly url: string | undefined;
  readonly type: string | undefined;
  readonly body: Buffer;
}

/** Deploys in events alone, with these variables set, which the exporters read from the process. */
async function deploy(variables: Readonly<Record<string, string>>, flushMs = 60_000) {
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  try {
    const telemetry = new CommandTelemetry({
      env: variables,
      version: "1.2.3",
      warn: (message) => warnings.push(message),
      flushMs,
    });
    const listener = await telemetry.listener();
    for (const event of [...UNTIL_UP, ...UNTIL_DONE]) listener?.(event);
    const inTime = await telemetry.end();
    return { on: listener !== undefined, inTime, warnings };
  } finally {
    vi.unstubAllEnvs();
  }
}

describe("the command's telemetry", () => {
  test("without an endpoint there is none, and nothing is loaded or said", async () => {
    expect(await deploy({})).toMatchObject({ on: false, inTime: true, warnings: [] });
    const off = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_SDK_DISABLED: "true" };
    expect(await deploy(off)).toMatchObject({ on: false, warnings: [] });
    const none = { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" };
    expect(await deploy({ ...off, OTEL_SDK_DISABLED: "", ...none })).toMatchObject({
      on: false,
      warnings: [],
    });
  });

  test.each(["http/protobuf", "http/json"])("sends traces and metrics over %s", async (protocol) => {
    const posted: Posted[] = [];
    const url = await endpoint((request, response, body) => {
      posted.push({ url: request.url, type: request.headers["content-type"], body });
      response.end();
    });
    const result = await deploy({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_RESOURCE_ATTRIBUTES: "team=platform",
    });
    expect(result).toMatchObject({ on: true, inTime: true, warnings: [] });
    const type = protocol === "http/json" ? "application/json" : "application/x-protobuf";
    expect(posted.map((one) => `${one.url} ${one.type}`).toSorted()).toEqual([
      `/v1/metrics ${type}`,
      `/v1/traces ${type}`,
    ]);
    for (const { body } of posted) expect(body.includes("platform")).toBe(true);
    expect(posted.some(({ body }) => body.includes("deploy network"))).toBe(true);
    expect(posted.some(({ body }) => body.includes("cicd.pipeline.run.duration"))).toBe(true);
  });

  test("sends one signal alone when only its endpoint is set, below the caller's span", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const posted: Posted[] = [];
    const url = await endpoint((request, response, body) => {
      posted.push({ url: request.url, type: undefined, body });
      response.end();
    });
    await deploy({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/here`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json",
      TRACEPARENT: `00-${traceId}-b7ad6b7169203331-01`,
    });
    expect(posted.map(({ url }) => url)).toEqual(["/here"]);
    expect(posted[0]?.body.includes(traceId)).toBe(true);
    expect(posted[0]?.body.includes("b7ad6b7169203331")).toBe(true);
  });

  test("an endpoint that hangs delays the end no longer than it may, and is told of once", async () => {
    const url = await endpoint(() => undefined);
    const result = await deploy({ OTEL_EXPORTER_OTLP_ENDPOINT: url }, 200);
    expect(result.inTime).toBe(false);
    expect(result.warnings).toEqual([
      "telemetry is incomplete: the OTLP endpoint did not take everything within 0.2 s",
    ]);
  });

  test("an endpoint that is not there, or refuses, is told of once and never by its words", async () => {
    const gone = await deploy({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://user:hunter2@127.0.0.1:1" }, 200);
    expect(gone.warnings).toHaveLength(1);
    const url = await endpoint((_request, response) => {
      response.statusCode = 400;
      response.end("hunter2");
    });
    const refused = await deploy({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    expect(refused.inTime).toBe(true);
    expect(refused.warnings).toEqual([
      "telemetry is incomplete: the OTLP endpoint could not be used (400); see OTEL_EXPORTER_OTLP_ENDPOINT",
    ]);
    const broken = await deploy({ OTEL_EXPORTER_OTLP_ENDPOINT: "no url hunter2" });
    expect(broken.warnings).toEqual([
      "telemetry is incomplete: OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL",
    ]);
    expect(JSON.stringify([gone, refused, broken])).not.toContain("hunter2");
  });

  test("a protocol that is not spoken switches it off, with a word", async () => {
    const result = await deploy({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4317",
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    });
    expect(result.on).toBe(false);
    expect(result.warnings).toEqual([
      "telemetry is incomplete: OTEL_EXPORTER_OTLP_PROTOCOL may be http/protobuf or http/json here",
    ]);
  });
});
