import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";

const require = createRequire(import.meta.url);

/** A resource as the engine would have been asked for it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The provider's URN and id; empty when none was chosen. */
  readonly provider: string;
  readonly custom: boolean;
  /** Present when the resource is imported. */
  readonly importId?: string;
}

/** A child with the options that reached it through its component. */
export interface RecordedChild {
  readonly type: string;
  readonly name: string;
  readonly options: pulumi.ResourceOptions;
}

/** A lookup as the engine would have been asked for it. */
export interface RecordedCall {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Recording<Component> {
  readonly component: Component;
  /** Every resource that was registered, the component and explicit providers too. */
  readonly resources: readonly RecordedResource[];
  readonly calls: readonly RecordedCall[];
  /** Every resource that has the component above it. */
  readonly children: readonly RecordedChild[];
  /** What the component registered as its outputs; absent when it did not. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Where everything is, for lookups that ask. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  "aws:index/getPartition:getPartition": { partition: "aws", dnsSuffix: "amazonaws.com" },
  "aws:index/getRegion:getRegion": { region: "eu-central-1", id: "eu-central-1" },
};

/** Gives a created resource the properties that the cloud would compute. */
export type Compute = (resource: RecordedResource) => Readonly<Record<string, unknown>>;

/**
 * The one recording mock: creates a component without an engine, and returns what it asked for. Pulumi's mocks are
 * one for each process, so that one test file records one component at a time.
 */
export async function record<Component extends pulumi.ComponentResource>(
  create: (options: pulumi.ComponentResourceOptions) => Component,
  compute: Compute = () => ({}),
): Promise<Recording<Component>> {
  const resources: RecordedResource[] = [];
  const calls: RecordedCall[] = [];
  const children: (RecordedChild & { readonly resource: pulumi.Resource })[] = [];
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs, provider = "", custom = true, id }) {
      const resource = { type, name, inputs, provider, custom, ...(id ? { importId: id } : {}) };
      resources.push(resource);
      return { id: id || `${name}-id`, state: { ...inputs, ...compute(resource) } };
    },
    call({ token, inputs }) {
      calls.push({ token, inputs });
      return ANSWERS[token] ?? {};
    },
  });

  leaveOutTraces();
  const registered = watchOutputs();
  try {
    const component = create({
      // Transformations reach whatever has the component above it, and only that.
      transformations: [
        ({ resource, type, name, opts }) => {
          children.push({ resource, type, name, options: opts });
          return undefined;
        },
      ],
    });
    await pulumi.runtime.disconnect();
    const outputs = registered.get(component);
    return {
      component,
      resources: resources.toSorted(byName),
      calls,
      children: children
        .filter(({ resource }) => resource !== component)
        .map(({ type, name, options }) => ({ type, name, options }))
        .toSorted(byName),
      ...(outputs && { outputs }),
    };
  } finally {
    registered.stop();
  }
}

/** The value of an output. */
export function resolved<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}

function byName(
  a: { readonly name: string; readonly type: string },
  b: { readonly name: string; readonly type: string },
) {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.type < b.type ? -1 : 1;
}

/** The mocks do not show registered outputs, so they are taken where every component hands them over. */
function watchOutputs() {
  const { prototype } = pulumi.ComponentResource;
  const original = Reflect.get(prototype, "registerOutputs");
  const seen = new Map<unknown, Record<string, unknown>>();
  Reflect.set(prototype, "registerOutputs", function (this: unknown, outputs: Record<string, unknown> = {}) {
    // Pulumi itself calls it again, without outputs, for components that did not; only the first call counts.
    if (!seen.has(this)) seen.set(this, outputs);
    return Reflect.apply(original, this, [outputs]);
  });
  return {
    get: (component: unknown) => seen.get(component),
    stop: () => Reflect.set(prototype, "registerOutputs", original),
  };
}

/** As in the engine's children (`untraced-promises.ts`): the SDK's promises keep no stack trace, which nobody sees. */
function leaveOutTraces(): void {
  const promises: Record<string, unknown> = require("@pulumi/pulumi/runtime/debuggable.js");
  const { debuggablePromise } = promises;
  if (typeof debuggablePromise !== "function" || debuggablePromise.name === "untraced") return;
  promises["debuggablePromise"] = function untraced(...promise: readonly unknown[]): unknown {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return Reflect.apply(debuggablePromise, undefined, promise);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
