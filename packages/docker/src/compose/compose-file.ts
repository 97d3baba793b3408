import { invalidArgument } from "@groundplane/contracts";
import { z } from "zod";
import {
  type ComposeMount,
  type ComposeService,
  composeServiceSchema,
  nameSchema,
  serviceOverlaySchema,
} from "./compose-service.ts";

const networkSchema = z.strictObject({
  /** Without a way out of the host. */
  internal: z.boolean().optional(),
});
const volumeSchema = z.strictObject({ labels: z.record(z.string(), z.string()).optional() });
/** A secret is a file of the host. Its content is never in the compose file. */
const secretSchema = z.strictObject({
  file: z.string().regex(/^\.\/secrets\/[a-z0-9][a-z0-9_-]*$/, "keep it in ./secrets, under its name"),
});

const shape = {
  /** Of the project: containers, networks and volumes are named after it. */
  name: nameSchema,
  services: z.record(nameSchema, composeServiceSchema),
  networks: z.record(nameSchema, networkSchema),
  volumes: z.record(nameSchema, volumeSchema).optional(),
  secrets: z.record(nameSchema, secretSchema).optional(),
};

export const composeFileSchema = z.strictObject(shape);
export const composeOverlaySchema = z
  .strictObject({ ...shape, services: z.record(nameSchema, serviceOverlaySchema) })
  .partial();

/** A compose file: services by digest, not root, with limits and a health check each. */
export type ComposeFile = z.infer<typeof composeFileSchema>;
/** What an overlay adds to a file or changes in it; `mergeCompose` says how. */
export type ComposeOverlay = z.infer<typeof composeOverlaySchema>;

type MountOf<Volume extends string> =
  | Exclude<ComposeMount, { type: "volume" }>
  | (Omit<Extract<ComposeMount, { type: "volume" }>, "source"> & { readonly source: Volume });

/** A service that names only what the file has. */
interface ServiceOf<
  Service extends string,
  Network extends string,
  Volume extends string,
  Secret extends string,
> extends Omit<ComposeService, "depends_on" | "networks" | "volumes" | "secrets"> {
  readonly depends_on?: { readonly [Name in Service]?: NonNullable<ComposeService["depends_on"]>[string] };
  readonly networks: { readonly [Name in Network]?: ComposeService["networks"][string] };
  readonly volumes?: readonly MountOf<Volume>[];
  readonly secrets?: readonly { readonly source: Secret; readonly target?: string }[];
}

export interface ComposeFileArgs<
  Service extends string,
  Network extends string,
  Volume extends string,
  Secret extends string,
> extends Omit<ComposeFile, "services" | "networks" | "volumes" | "secrets"> {
  readonly services: {
    readonly [Name in Service]: ServiceOf<
      NoInfer<Service>,
      NoInfer<Network>,
      NoInfer<Volume>,
      NoInfer<Secret>
    >;
  };
  readonly networks: { readonly [Name in Network]: ComposeFile["networks"][string] };
  readonly volumes?: { readonly [Name in Volume]: NonNullable<ComposeFile["volumes"]>[string] };
  readonly secrets?: { readonly [Name in Secret]: NonNullable<ComposeFile["secrets"]>[string] };
}

/**
 * A compose file whose services name only networks, volumes, secrets and services that it has: another name does not
 * compile, and neither does an image without a digest.
 *
 * @example
 * const file = composeFile({
 *   name: "web",
 *   services: {
 *     web: {
 *       image: "nginxinc/nginx-unprivileged:1.29@sha256:…",
 *       …
 *     },
 *   },
 *   networks: { front: {} },
 * });
 *
 * @throws {INVALID_ARGUMENT} a value is not one that a file may have; the message names its place.
 */
export function composeFile<
  Service extends string,
  Network extends string,
  Volume extends string = never,
  Secret extends string = never,
>(args: ComposeFileArgs<Service, Network, Volume, Secret>): ComposeFile {
  return checkedCompose(composeFileSchema, args);
}

/**
 * Parses a file and checks that what it names is there.
 *
 * @throws {INVALID_ARGUMENT} as `composeFile`.
 */
export function checkedCompose<File extends ComposeFile>(schema: z.ZodType<File>, value: unknown): File {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw invalidCompose(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
  const missing = danglingNames(parsed.data);
  if (missing.length > 0) throw invalidCompose(missing);
  return parsed.data;
}

function invalidCompose(problems: readonly string[]) {
  return invalidArgument(`the compose file is not valid: ${problems.join("; ")}`, {
    problems: [...problems],
  });
}

function danglingNames(file: ComposeFile): readonly string[] {
  const has = {
    networks: Object.keys(file.networks),
    volumes: Object.keys(file.volumes ?? {}),
    secrets: Object.keys(file.secrets ?? {}),
    services: Object.keys(file.services),
  };
  return Object.entries(file.services).flatMap(([name, service]) => {
    const named: Readonly<Record<keyof typeof has, readonly string[]>> = {
      networks: Object.keys(service.networks),
      volumes: (service.volumes ?? []).flatMap((mount) => (mount.type === "volume" ? [mount.source] : [])),
      secrets: (service.secrets ?? []).map(({ source }) => source),
      services: Object.keys(service.depends_on ?? {}),
    };
    return (["networks", "volumes", "secrets", "services"] as const).flatMap((kind) =>
      named[kind]
        .filter((one) => !has[kind].includes(one))
        .map((one) => `services.${name} names "${one}", which is not among the file's ${kind}`),
    );
  });
}
