import type { GroundplaneEvent } from "@groundplane/contracts";
import type * as Api from "@opentelemetry/api";
import { ATTRIBUTE } from "./conventions.ts";

/** Operations on resources of one run that get a span; more are counted. A backend's trace has its limits too. */
const MAX_RESOURCE_SPANS = 1000;

export type ResourceEvent = GroundplaneEvent<"resource.started" | "resource.finished" | "resource.failed">;

/** A span for each operation that changes or reads a resource, under the step that is open. */
export class ResourceSpans {
  readonly #api: typeof Api;
  readonly #tracer: Api.Tracer;
  readonly #underWay = new Map<string, Api.Span>();
  #recorded = 0;
  #unrecorded = 0;

  constructor(api: typeof Api, tracer: Api.Tracer) {
    this.#api = api;
    this.#tracer = tracer;
  }

  /** Operations beyond the bound. */
  get unrecorded(): number {
    return this.#unrecorded;
  }

  observe(event: ResourceEvent, around: Api.Context): void {
    if (event.name === "resource.started") {
      if (!event.data.planning && event.data.operation !== "same") this.#start(event, around);
      return;
    }
    const span = this.#underWay.get(event.data.urn);
    if (span === undefined) return;
    this.#underWay.delete(event.data.urn);
    if (event.name === "resource.failed") span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    span.end(new Date(event.at));
  }

  end(at: Date): void {
    for (const span of this.#underWay.values()) span.end(at);
    this.#underWay.clear();
  }

  #start({ at, run, data }: GroundplaneEvent<"resource.started">, around: Api.Context): void {
    if (this.#recorded >= MAX_RESOURCE_SPANS) {
      this.#unrecorded += 1;
      return;
    }
    this.#recorded += 1;
    const attributes = {
      [ATTRIBUTE.resourceName]: data.name,
      [ATTRIBUTE.resourceOperation]: data.operation,
      [ATTRIBUTE.resourceType]: data.type,
      [ATTRIBUTE.resourceUrn]: data.urn,
      [ATTRIBUTE.runId]: run,
    };
    const options = { kind: this.#api.SpanKind.CLIENT, startTime: new Date(at), attributes };
    this.#underWay.set(data.urn, this.#tracer.startSpan(`${data.operation} ${data.type}`, options, around));
  }
}
