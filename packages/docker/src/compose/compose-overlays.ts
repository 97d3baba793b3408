import { invalidArgument } from "@groundplane/contracts";
import type { ComposeFile, ComposeOverlay } from "./compose-file.ts";
import type { ComposeServiceOverlay } from "./compose-service.ts";

function forEachService(
  file: ComposeFile,
  overlay: (name: string) => ComposeServiceOverlay,
): Pick<ComposeOverlay, "services"> {
  return {
    services: Object.fromEntries(Object.keys(file.services).map((name) => [name, overlay(name)])),
  };
}

/** What production adds: services come back after a crash and a restart of the host, and logs stay below 50 MiB each. */
export function productionOverlay(file: ComposeFile): ComposeOverlay {
  return forEachService(file, () => ({
    restart: "unless-stopped",
    logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "5" } },
  }));
}

/**
 * What hardening adds: a root file system that cannot be written, no capabilities, no way to more privileges. What a
 * service has to write goes into its mounts; a `tmpfs` for what may be lost.
 * CIS Docker Benchmark 1.6.0: 5.3, 5.12, 5.25.
 */
export function securityOverlay(file: ComposeFile): ComposeOverlay {
  return forEachService(file, () => ({
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
  }));
}

export interface DevelopmentOptions {
  /** Ports of services to reach from this computer, and from no other. @default - none */
  readonly publish?: Readonly<Record<string, readonly number[]>>;
  /** Folders of source code, mounted into services: `{ web: { "./src": "/app/src" } }`. @default - none */
  readonly sources?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Variables of services. @default - none */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * What a developer's computer adds: ports on the loopback address, source code in place, and no restarts.
 *
 * @throws {INVALID_ARGUMENT} an option names a service that the file does not have.
 */
export function developmentOverlay(file: ComposeFile, options: DevelopmentOptions = {}): ComposeOverlay {
  const named = Object.values(options).flatMap((some) => Object.keys(some ?? {}));
  const unknown = named.find((name) => !Object.hasOwn(file.services, name));
  if (unknown !== undefined)
    throw invalidArgument(`"${unknown}" is no service; there are ${Object.keys(file.services).join(", ")}`);
  return forEachService(file, (name) => {
    const ports = options.publish?.[name] ?? [];
    const sources = Object.entries(options.sources?.[name] ?? {});
    const environment = options.environment?.[name];
    return {
      restart: "no",
      ...(ports.length > 0 && {
        ports: ports.map((port) => ({ target: port, published: String(port), host_ip: "127.0.0.1" })),
      }),
      ...(sources.length > 0 && {
        volumes: sources.map(([source, target]) => ({
          type: "bind" as const,
          source,
          target,
          bind: { create_host_path: false as const },
        })),
      }),
      ...(environment !== undefined && { environment }),
    };
  });
}
