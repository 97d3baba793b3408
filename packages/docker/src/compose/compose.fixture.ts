import fc from "fast-check";
import type { ComposeFile, ComposeOverlay } from "./compose-file.ts";
import type { ComposeMount, ComposePort, ComposeService, ComposeServiceOverlay } from "./compose-service.ts";

/** No registry has it. */
export const image = `registry.example.com/app:1@sha256:${"0a".repeat(32)}` as const;

/** A service with what it must have, and no more. */
export const service: ComposeService = {
  image,
  user: "1000:1000",
  networks: { front: {} },
  healthcheck: { test: ["CMD", "true"], interval: "10s", timeout: "5s", retries: 3 },
  deploy: { resources: { limits: { cpus: "0.5", memory: "256m", pids: 64 } } },
};

/** Texts that YAML, shells and compose could take for something else. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    ...[
      "",
      " a ",
      "yes",
      "NO",
      "null",
      "~",
      "1e3",
      "0o17",
      "22:22",
      "2001-01-01",
      "$HOME",
      `$${"{HOME}"}`,
      "$$",
      "$",
      "a: b # c",
    ],
    ...[
      "'",
      '"',
      "\\",
      "a\nb\n",
      "\tx",
      "\u0085",
      "\u2028",
      "\ufeffx",
      "- a",
      "{a}",
      "&a",
      "*a",
      "!!str",
      "%",
      "@",
    ],
  ),
);
const variables = fc.dictionary(fc.constantFrom("A", "B", "NO", "Y", "on", "_1", "Null"), text, {
  noNullPrototype: true,
  maxKeys: 5,
});

/** Only these names, so that what is named is there. */
const NAMES = { networks: ["front", "back"], volumes: ["cache", "state"], secrets: ["key", "cert"] } as const;
const some = <Value>(values: readonly Value[]) => fc.subarray([...values]);

const port: fc.Arbitrary<ComposePort> = fc.record(
  {
    target: fc.constantFrom(80, 8065),
    published: fc.constantFrom("80", "8080"),
    host_ip: fc.constantFrom("127.0.0.1", "0.0.0.0", "10.220.1.10"),
    protocol: fc.constantFrom("tcp" as const, "udp" as const),
  },
  { requiredKeys: ["target", "published", "host_ip"], noNullPrototype: true },
);
const target = fc.constantFrom("/data", "/cache", "/etc/app");
const mount: fc.Arbitrary<ComposeMount> = fc.oneof(
  fc.record({ type: fc.constant("volume" as const), source: fc.constantFrom(...NAMES.volumes), target }),
  fc.record({
    type: fc.constant("bind" as const),
    source: fc.constantFrom("./data", "/srv/data"),
    target,
    read_only: fc.boolean(),
    bind: fc.constant({ create_host_path: false as const }),
  }),
  fc.record({
    type: fc.constant("tmpfs" as const),
    target,
    tmpfs: fc.constantFrom({ size: "1m" as const }, { size: "64m" as const, mode: 0o1777 }),
  }),
);
const oncePer = <Entry>(entry: fc.Arbitrary<Entry>, keyOf: (one: Entry) => string) =>
  fc.uniqueArray(entry, { selector: keyOf, maxLength: 3 });

const parts = {
  image: fc.constant(image),
  user: fc.constantFrom("1000:1000" as const, "999:999" as const),
  command: fc.array(text, { maxLength: 3 }),
  entrypoint: fc.array(text, { maxLength: 2 }),
  environment: variables,
  labels: variables,
  hostname: fc.constantFrom("a", "b-1"),
  init: fc.boolean(),
  networks: some(NAMES.networks).map((names) => Object.fromEntries(names.map((name) => [name, {}]))),
  ports: oncePer(port, ({ host_ip, published, target: to, protocol = "tcp" }) =>
    [host_ip, published, to, protocol].join(),
  ),
  volumes: oncePer(mount, ({ target: to }) => to),
  secrets: some(NAMES.secrets).map((names) => names.map((source) => ({ source }))),
  healthcheck: fc.record({
    test: fc.oneof(
      fc
        .array(text, { minLength: 1, maxLength: 3 })
        .map(([first = "", ...rest]) => ["CMD", first, ...rest] as const),
      text.map((line) => ["CMD-SHELL", line] as const),
    ),
    interval: fc.constantFrom("10s" as const, "1m" as const),
    timeout: fc.constant("5s" as const),
    retries: fc.integer({ min: 1, max: 100 }),
  }),
  deploy: fc.record({
    resources: fc.record({
      limits: fc.record({
        cpus: fc.constantFrom("0.5" as const, "2" as const),
        memory: fc.constantFrom("64m" as const, "2g" as const),
        pids: fc.integer({ min: 1, max: 1000 }),
      }),
    }),
  }),
  restart: fc.constantFrom("no" as const, "always" as const, "unless-stopped" as const),
  logging: fc.constantFrom(
    { driver: "journald" as const },
    { driver: "json-file" as const, options: { "max-size": "10m" } },
    { driver: "json-file" as const, options: { "max-file": "3" } },
  ),
  read_only: fc.boolean(),
  cap_add: some(["CHOWN", "KILL", "SETUID"] as const),
  cap_drop: some(["ALL"] as const),
  security_opt: some(["no-new-privileges:true"] as const),
  shm_size: fc.constant("64m" as const),
  stop_grace_period: fc.constant("30s" as const),
};

const plain = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  values.map((value) => structuredClone(value));

export const serviceArbitrary: fc.Arbitrary<ComposeService> = plain(
  fc.record(parts, { requiredKeys: ["image", "user", "networks", "healthcheck", "deploy"] }),
);
const serviceOverlay: fc.Arbitrary<ComposeServiceOverlay> = plain(fc.record(parts, { requiredKeys: [] }));

const SERVICES = ["web", "db"] as const;
const declared = {
  networks: { front: {}, back: { internal: true } },
  volumes: { cache: {}, state: {} },
  secrets: { key: { file: "./secrets/key" }, cert: { file: "./secrets/cert" } },
};

/** Files that are valid: whatever a service names is there. */
export const fileArbitrary: fc.Arbitrary<ComposeFile> = fc
  .record({ web: serviceArbitrary, db: serviceArbitrary })
  .map((services) => ({ name: "unit", services: { ...services }, ...declared }));

/** Overlays of those files. */
export const overlayArbitrary: fc.Arbitrary<ComposeOverlay> = some(SERVICES).chain((names) =>
  fc
    .record(Object.fromEntries(names.map((name) => [name, serviceOverlay])))
    .map((services) => ({ services: { ...services } })),
);
