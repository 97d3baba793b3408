import { join, resolve } from "node:path";
import type { Backend, EnvironmentDefinition } from "../define/environment.ts";
import type { LoadedProject } from "../define/load-project.ts";

type FileBackend = Extract<Backend, { type: "file" }>;
export type S3Backend = Extract<Backend, { type: "s3" }>;

/** Where an environment's state is. */
export type StatePlace =
  | { readonly type: "file"; readonly folder: string }
  | { readonly type: "s3"; readonly backend: S3Backend };

/** What all keys begin with: nothing, or something that ends with a slash. */
export function s3Prefix({ prefix = "" }: Pick<S3Backend, "prefix">): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `${trimmed}/`;
}

function fileFolder(backend: FileBackend, environment: string, project: LoadedProject): string {
  return backend.path === undefined
    ? join(project.dataFolder, "state", environment)
    : resolve(project.root, backend.path);
}

export function statePlaceOf(
  { backend, name }: Pick<EnvironmentDefinition, "backend" | "name">,
  project: LoadedProject,
): StatePlace {
  return backend.type === "file"
    ? { type: "file", folder: fileFolder(backend, name, project) }
    : { type: "s3", backend };
}

/** The same as the engine's `PULUMI_BACKEND_URL`. */
export function backendUrl(place: StatePlace): string {
  // Beside each file the engine would write one of attributes, in place: an engine that is killed then leaves an empty
  // one, and with it a state that cannot be read any more (gocloud.dev/blob/fileblob).
  if (place.type === "file") return `file://${place.folder}?metadata=skip`;
  const { bucket, region, endpoint: given } = place.backend;
  const query = new URLSearchParams({ region });
  if (given !== undefined) {
    const endpoint = new URL(given);
    query.set("endpoint", endpoint.host);
    query.set("s3ForcePathStyle", "true");
    if (endpoint.protocol === "http:") query.set("disableSSL", "true");
  }
  return `s3://${bucket}/${s3Prefix(place.backend)}`.replace(/\/$/, `?${query}`);
}
