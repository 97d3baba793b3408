import { z } from "zod";
import { isPinnedByDigest, type PinnedImage } from "../image/image-reference.ts";
import { forbiddenSource } from "./bind-source.ts";

/** A time as compose writes it, in one unit: `30s`, `5m`. */
export type ComposeDuration = `${number}${"ms" | "s" | "m" | "h"}`;
/** Bytes as compose writes them: `512m` is 512 MiB. */
export type ComposeBytes = `${number}${"k" | "m" | "g"}`;
/** Numeric user and group, neither of them root: names are looked up in an image that may change. */
export type ComposeUser = `${number}:${number}`;

/** A string that fits a pattern, under the narrower type that programs write. */
const text = <Text extends string>(pattern: RegExp, remedy: string) =>
  z.custom<Text>((value) => typeof value === "string" && pattern.test(value), remedy);

export const durationSchema = text<ComposeDuration>(/^[1-9]\d*(ms|s|m|h)$/, "give such as 30s or 5m");
const bytesSchema = text<ComposeBytes>(/^[1-9]\d*[kmg]$/, "give such as 512m or 2g");
const portNumber = z.int().min(1).max(65_535);
/** What a shell, a path and YAML all take as it is. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, "use lower-case letters, digits, _ and -");
const inContainer = z.string().regex(/^\/\S*$/, "give an absolute path of the container");

/** Names that would hold a secret: those go into files (`…_FILE`), which no inspection of a container shows. */
const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

const environmentSchema = z.record(z.string(), z.string()).superRefine((variables, context) => {
  for (const name of Object.keys(variables)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      context.addIssue(`"${name}": name it with letters, digits and _`);
    if (SECRET_NAME.test(name)) context.addIssue(`${name}: a secret is no variable; give a file, in secrets`);
  }
});

const portSchema = z.strictObject({
  /** Of the container. */
  target: portNumber,
  /** Of the host. */
  published: z.string().regex(/^[1-9]\d{0,4}$/, "give one port, as text"),
  /** The host's address that listens: `127.0.0.1`, one of its own, or `0.0.0.0` for every IPv4 one. */
  host_ip: z.ipv4(),
  /** @default "tcp" */
  protocol: z.enum(["tcp", "udp"]).optional(),
});

const mountSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("volume"),
    /** A name of the file's `volumes`. */
    source: nameSchema,
    target: inContainer,
    read_only: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal("bind"),
    /** `./…` in the project's folder, or an absolute path; never the engine's socket or the host's own folders. */
    source: z.string().superRefine((source, context) => {
      const why = forbiddenSource(source);
      if (why !== undefined) context.addIssue(why);
    }),
    target: inContainer,
    read_only: z.boolean().optional(),
    /** A folder that is missing is an error: the engine would make one that belongs to root. */
    bind: z.strictObject({ create_host_path: z.literal(false) }),
  }),
  z.strictObject({
    type: z.literal("tmpfs"),
    target: inContainer,
    tmpfs: z.strictObject({
      size: bytesSchema,
      /**
       * Permissions as a number, such as `0o1777`. With runc up to 1.1 a folder that the image has keeps its own, and
       * belongs to root. @default - those of the image's folder
       */
      mode: z.int().min(0).max(0o7777).optional(),
    }),
  }),
]);

const limitsSchema = z.strictObject({
  /** Cores: `0.5`, `2`. */
  cpus: text<`${number}`>(/^(0\.\d*[1-9]\d*|[1-9]\d*(\.\d+)?)$/, "give such as 0.5 or 2"),
  memory: bytesSchema,
  pids: z.int().min(1).max(65_535),
});

const healthcheckSchema = z.strictObject({
  /** The program and its arguments, without a shell; or one line for the image's shell. */
  test: z.union([
    z.tuple([z.literal("CMD"), z.string()], z.string()).readonly(),
    z.tuple([z.literal("CMD-SHELL"), z.string()]).readonly(),
  ]),
  interval: durationSchema,
  timeout: durationSchema,
  retries: z.int().min(1).max(100),
  start_period: durationSchema.optional(),
});

const dependencySchema = z.strictObject({
  condition: z.enum(["service_started", "service_healthy"]),
  /** Restarts with it. */
  restart: z.boolean().optional(),
});

const loggingSchema = z.strictObject({
  driver: z.enum(["json-file", "local", "journald"]),
  options: z.record(z.string(), z.string()).optional(),
});

/** Capabilities that a service may take back, none of which reaches beyond the container's own processes and files. */
const CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "KILL",
  "NET_BIND_SERVICE",
  "SETGID",
  "SETUID",
] as const;

/**
 * A service in compose's own words and in its long forms only. What is not here cannot be said: no `privileged`, no
 * `network_mode`, `pid`, `ipc` or `devices`, no `env_file`, no image without a digest.
 * https://github.com/compose-spec/compose-spec/blob/main/05-services.md
 */
export const composeServiceSchema = z.strictObject({
  image: z.custom<PinnedImage>(
    (value) => typeof value === "string" && isPinnedByDigest(value),
    "name the image by its digest: name:tag@sha256:…",
  ),
  user: text<ComposeUser>(
    /^[1-9]\d*:[1-9]\d*$/,
    "give a numeric user and group that are not root: 1000:1000",
  ),
  command: z.array(z.string()).readonly().optional(),
  entrypoint: z.array(z.string()).readonly().optional(),
  /** Never a secret. */
  environment: environmentSchema.optional(),
  labels: z.record(z.string(), z.string()).optional(),
  hostname: nameSchema.optional(),
  /** A process that reaps those left over. */
  init: z.boolean().optional(),
  depends_on: z.record(nameSchema, dependencySchema).optional(),
  networks: z.record(nameSchema, z.strictObject({ aliases: z.array(nameSchema).readonly().optional() })),
  ports: z.array(portSchema).readonly().optional(),
  volumes: z.array(mountSchema).readonly().optional(),
  /** Files of the file's `secrets`, at `/run/secrets/<source>` unless `target` says another path. */
  secrets: z
    .array(z.strictObject({ source: nameSchema, target: inContainer.optional() }))
    .readonly()
    .optional(),
  healthcheck: healthcheckSchema,
  deploy: z.strictObject({ resources: z.strictObject({ limits: limitsSchema }) }),
  restart: z.enum(["no", "always", "unless-stopped", "on-failure"]).optional(),
  logging: loggingSchema.optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.literal("ALL")).readonly().optional(),
  cap_add: z.array(z.enum(CAPABILITIES)).readonly().optional(),
  security_opt: z.array(z.literal("no-new-privileges:true")).readonly().optional(),
  shm_size: bytesSchema.optional(),
  stop_grace_period: durationSchema.optional(),
});

/** Some of a service: what an overlay says of it. */
export const serviceOverlaySchema = composeServiceSchema.partial().extend({
  healthcheck: healthcheckSchema.partial().optional(),
  deploy: z
    .strictObject({
      resources: z.strictObject({ limits: limitsSchema.partial().optional() }).optional(),
    })
    .optional(),
});

export type ComposeService = z.infer<typeof composeServiceSchema>;
export type ComposeMount = z.infer<typeof mountSchema>;
export type ComposePort = z.infer<typeof portSchema>;
export type ComposeServiceOverlay = z.infer<typeof serviceOverlaySchema>;
