/** What OpenTelemetry's own variables ask for (opentelemetry.io/docs/specs/otel/configuration). */
export interface TelemetrySettings {
  readonly traces: OtlpProtocol | undefined;
  readonly metrics: OtlpProtocol | undefined;
}

export type OtlpProtocol = "http/protobuf" | "http/json";

type Environment = Readonly<Record<string, string | undefined>>;
type Signal = "TRACES" | "METRICS";
interface Found {
  readonly protocol?: OtlpProtocol;
  readonly problem?: string;
}

function isHttpUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "");
}

function findSignal(env: Environment, signal: Signal): Found {
  const first = (...names: readonly string[]): readonly [name: string, value: string] | undefined =>
    names.map((name) => [name, env[name]?.trim() ?? ""] as const).find(([, value]) => value !== "");
  const endpoint = first(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, "OTEL_EXPORTER_OTLP_ENDPOINT");
  const [exporterName, exporter] = first(`OTEL_${signal}_EXPORTER`) ?? ["", "otlp"];
  if (endpoint === undefined || exporter === "none") return {};
  if (exporter !== "otlp") return { problem: `${exporterName} may be otlp or none here` };
  // The exporter would take localhost instead. The value itself may hold a password.
  if (!isHttpUrl(endpoint[1])) return { problem: `${endpoint[0]} is no http or https URL` };
  const [protocolName, protocol] = first(
    `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`,
    "OTEL_EXPORTER_OTLP_PROTOCOL",
  ) ?? ["", "http/protobuf"];
  return protocol === "http/protobuf" || protocol === "http/json"
    ? { protocol }
    : { problem: `${protocolName} may be http/protobuf or http/json here` };
}

/**
 * Undefined without an endpoint: nothing is loaded then.
 *
 * @param warn Told what is asked for and cannot be had; telemetry is off then, and nothing else is.
 */
export function telemetrySettings(
  env: Environment,
  warn: (problem: string) => void,
): TelemetrySettings | undefined {
  if (env["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true") return undefined;
  const traces = findSignal(env, "TRACES");
  const metrics = findSignal(env, "METRICS");
  const problem = traces.problem ?? metrics.problem;
  if (problem !== undefined) {
    warn(problem);
    return undefined;
  }
  if (traces.protocol === undefined && metrics.protocol === undefined) return undefined;
  return { traces: traces.protocol, metrics: metrics.protocol };
}
