import { type JsonValue, UNKNOWN_TEXT } from "@groundplane/contracts";
import { isObject, isSecretAt, type Properties, reveal, secretOf, secretTexts } from "@groundplane/provider";
import { z } from "zod";
import { parseHostKey } from "../ssh/host-key.ts";

/** A text that is as it should be, or not known yet. */
const text = (rule: (value: string) => boolean, message: string) =>
  z.string({ error: message }).refine((value) => value === UNKNOWN_TEXT || rule(value), { error: message });
const whole = (min: number, max: number) =>
  z.union([z.literal(UNKNOWN_TEXT), z.int().min(min).max(max)], {
    error: `give a whole number from ${min} to ${max}`,
  });

const isAbsolute = (path: string) =>
  path.length <= 1024 &&
  /^(\/[^/\p{Cc}]{1,200})+$/u.test(path) &&
  !path.split("/").some((part) => part === "." || part === "..");
const account = text(
  (name) => /^([a-z_][a-z0-9_-]{0,31}|[0-9]{1,10})$/.test(name),
  "give a name or a number",
);
const script = text(
  (value) => value.trim() !== "" && !value.includes("\0"),
  "give a script, or leave it out",
);

const connectionSchema = z.strictObject({
  host: text((host) => /^[A-Za-z0-9][A-Za-z0-9.:_%-]*$/.test(host), "give an IP address or a name"),
  port: whole(1, 65_535).optional(),
  user: text((user) => /^[A-Za-z_][A-Za-z0-9._-]{0,63}$/.test(user), "give the name of a user"),
  privateKey: text((key) => key.includes("PRIVATE KEY"), "give a private key in OpenSSH's or PEM format"),
  hostKey: z.union(
    [
      text((key) => parseHostKey(key) !== undefined, ""),
      z.strictObject({
        trustOnFirstUse: z.strictObject({
          reason: text(
            (reason) => reason.trim() !== "" && reason.length <= 256,
            "say why nobody can know the key before, in 1 to 256 characters",
          ),
          machineId: z.string().optional(),
        }),
      }),
    ],
    {
      error:
        "give the machine's public key as in known_hosts, `ssh-ed25519 AAAA…`, or { trustOnFirstUse: { reason } }",
    },
  ),
});

const fileSchema = z.strictObject({
  path: text(
    isAbsolute,
    "give an absolute path without . and .., with names of at most 200 characters and no control characters",
  ),
  content: z.string({ error: "give a text" }),
  mode: text((mode) => /^0?[0-7]{3}$/.test(mode), 'give an octal mode such as "0644"').optional(),
  owner: account.optional(),
  group: account.optional(),
});

const inputsSchema = z.strictObject({
  connection: z.union([z.literal(UNKNOWN_TEXT), connectionSchema]),
  files: z
    .union([z.literal(UNKNOWN_TEXT), z.array(fileSchema)])
    .superRefine((files, context) => {
      if (files === UNKNOWN_TEXT) return;
      const seen = new Set<string>();
      for (const [at, { path }] of files.entries()) {
        if (path !== UNKNOWN_TEXT && seen.has(path))
          context.addIssue({
            code: "custom",
            path: [at, "path"],
            message: `"${path}" is there twice; give each path once`,
          });
        seen.add(path);
      }
    })
    .optional(),
  setup: script.optional(),
  reset: script.optional(),
  check: script.optional(),
  triggers: z.union([z.literal(UNKNOWN_TEXT), z.record(z.string(), z.string())]).optional(),
  timeoutSeconds: whole(1, 86_400).optional(),
  connectTimeoutSeconds: whole(1, 3_600).optional(),
});

export interface Problem {
  readonly property: string;
  readonly reason: string;
}

/** What is wrong with the inputs as the program gave them. No value is repeated: any may be a secret. */
export function checkInputs(inputs: Properties): readonly Problem[] {
  const result = inputsSchema.safeParse(reveal(withoutInternals(inputs)));
  if (result.success) return [];
  return result.error.issues
    .flatMap((issue) => leaves(issue))
    .map(({ path, message }) => ({
      property: path
        .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
        .join("")
        .replace(/^\./, ""),
      reason: message,
    }));
}

/** Where one of several forms was meant, what is wrong with the form that came nearest. */
function leaves(issue: z.core.$ZodIssue): readonly { path: readonly PropertyKey[]; message: string }[] {
  if (issue.code !== "invalid_union") return [issue];
  const inner = issue.errors.flat().filter(({ path, message }) => path.length > 0 && message !== "");
  if (inner.length === 0) return [issue];
  return inner.flatMap((one) => leaves({ ...one, path: [...issue.path, ...one.path] }));
}

/** The inputs as the state keeps them: the private key is a secret, also where the program forgot. */
export function withSecrets(inputs: Properties): Properties {
  const { connection } = inputs;
  if (!isObject(connection) || connection["privateKey"] === undefined || isSecretAt(connection, []))
    return inputs;
  return { ...inputs, connection: { ...connection, privateKey: secretOf(connection["privateKey"]) } };
}

export interface SetupFile {
  readonly path: string;
  readonly content: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly secret: boolean;
}

export interface SetupConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  /** Undefined: the key of the first connection. */
  readonly hostKey: string | undefined;
  readonly machineId: string | undefined;
}

/** Inputs that are known and complete. */
export interface SetupInputs {
  readonly connection: SetupConnection;
  readonly files: readonly SetupFile[];
  readonly setup: string | undefined;
  readonly reset: string | undefined;
  readonly check: string | undefined;
  readonly timeoutSeconds: number;
  readonly connectTimeoutSeconds: number;
  /** Every text that no message may show. */
  readonly secrets: readonly string[];
}

/**
 * Reads inputs that `checkInputs` found nothing wrong with. Unknown parts, which a preview has, stay the text that the
 * engine writes for them.
 */
export function readInputs(inputs: Properties): SetupInputs {
  const given = withSecrets(withoutInternals(inputs));
  const parsed = inputsSchema.parse(reveal(given));
  const { connection, files = [], setup, reset, check } = parsed;
  return {
    connection: connectionOf(connection),
    files: (files === UNKNOWN_TEXT ? [] : files).map(
      ({ path, content, mode = "644", owner = "root", group = "root" }, at) => ({
        ...{ path, content, mode: mode === UNKNOWN_TEXT ? mode : mode.padStart(4, "0"), owner, group },
        secret: isSecretAt(given["files"], [at, "content"]),
      }),
    ),
    ...{ setup, reset, check },
    timeoutSeconds: known(parsed.timeoutSeconds, 600),
    connectTimeoutSeconds: known(parsed.connectTimeoutSeconds, 300),
    secrets: secretTexts(given),
  };
}

function connectionOf(connection: z.infer<typeof inputsSchema>["connection"]): SetupConnection {
  if (connection === UNKNOWN_TEXT)
    return {
      host: UNKNOWN_TEXT,
      port: 22,
      user: UNKNOWN_TEXT,
      privateKey: UNKNOWN_TEXT,
      hostKey: UNKNOWN_TEXT,
      machineId: undefined,
    };
  const { host, port, user, privateKey, hostKey } = connection;
  const first = typeof hostKey === "string" ? undefined : hostKey.trustOnFirstUse;
  return {
    ...{ host, port: known(port, 22), user, privateKey },
    hostKey: typeof hostKey === "string" ? hostKey : undefined,
    machineId: first?.machineId,
  };
}

function known(value: number | typeof UNKNOWN_TEXT | undefined, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}

function withoutInternals(inputs: Properties): { [key: string]: JsonValue } {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
}
