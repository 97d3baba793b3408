import { type EventListener, openTelemetry, RunIds } from "@groundplane/orchestrator";
import { parseTraceParent, setGlobalErrorHandler } from "@opentelemetry/core";
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from "@opentelemetry/resources";
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import type { OtlpProtocol, TelemetrySettings } from "./telemetry-settings.ts";

export interface RunningTelemetry {
  readonly onEvent: EventListener;
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/** Exporters read endpoint, headers, certificates and compression from their variables themselves. */
async function spanExporter(protocol: OtlpProtocol): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === "http/json"
      ? await import("@opentelemetry/exporter-trace-otlp-http")
      : await import("@opentelemetry/exporter-trace-otlp-proto");
  return new OTLPTraceExporter();
}

async function metricExporter(protocol: OtlpProtocol): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } =
    protocol === "http/json"
      ? await import("@opentelemetry/exporter-metrics-otlp-http")
      : await import("@opentelemetry/exporter-metrics-otlp-proto");
  return new OTLPMetricExporter();
}

/** An SDK of the command's own, which sends runs' spans and metrics to an OTLP endpoint. */
export async function startOtlp(
  settings: TelemetrySettings,
  options: {
    readonly version: string;
    /** W3C Trace Context of the caller. */
    readonly traceparent: string | undefined;
    readonly onError: (error: unknown) => void;
  },
): Promise<RunningTelemetry> {
  setGlobalErrorHandler(options.onError);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": "groundplane", "service.version": options.version }))
    .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }));
  const ids = new RunIds();
  const tracerProvider = new TracerProvider({
    resource,
    idGenerator: ids,
    spanProcessors:
      settings.traces === undefined
        ? []
        : [new BatchSpanProcessor({ exporter: await spanExporter(settings.traces) })],
  });
  const meterProvider = new MeterProvider({
    resource,
    readers:
      settings.metrics === undefined
        ? []
        : [new PeriodicExportingMetricReader({ exporter: await metricExporter(settings.metrics) })],
  });
  const parent = options.traceparent === undefined ? null : parseTraceParent(options.traceparent);
  const telemetry = await openTelemetry({
    tracerProvider,
    meterProvider,
    ids,
    ...(parent === null ? {} : { parent: { ...parent, isRemote: true } }),
  });
  return {
    onEvent: telemetry.onEvent,
    shutdown: async () => {
      telemetry.end();
      await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
    },
  };
}
