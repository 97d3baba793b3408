import { GroundplaneError } from "@groundplane/contracts";
import type { LoadedProject } from "@groundplane/orchestrator";
import type { ProjectHandle, ProjectHost, SandboxCloudView } from "./project-host.ts";
import type { CommandTelemetry } from "./telemetry/command-telemetry.ts";

type Sdk = typeof import("@groundplane/orchestrator");

async function openSandbox(sdk: Sdk, project: LoadedProject, name: string): Promise<SandboxCloudView> {
  const environment = project.environments.get(name);
  if (environment === undefined) {
    const names = [...project.environments.keys()].join(", ") || "none";
    throw new GroundplaneError(
      "ENVIRONMENT_NOT_FOUND",
      `no environment is named "${name}". The project has: ${names}.`,
      { facts: { environment: name } },
    );
  }
  if (environment.cloud === "real") {
    throw new GroundplaneError(
      "SANDBOX_INVALID",
      `environment "${name}" is on a real cloud: only a sandbox can be looked into.`,
      { facts: { environment: name } },
    );
  }
  const { SandboxStore } = await import("@groundplane/sandbox");
  return SandboxStore.open(sdk.sandboxDatabase(environment, project));
}

function handleOf(sdk: Sdk, project: LoadedProject, telemetry: CommandTelemetry): ProjectHandle {
  return {
    project,
    open: async ({ onEvent, ...options }) => {
      const listeners = [await telemetry.listener(), onEvent].filter((listener) => listener !== undefined);
      return sdk.Orchestrator.open({ project, ...options, onEvent: listeners });
    },
    engineEnvironment: (environment) => sdk.plainPulumiEnvironment(project, environment),
    sandbox: (environment) => openSandbox(sdk, project, environment),
    findPolicyPack: (pack) => sdk.findPolicyPack(pack, project.root),
    fleetProver: async (folder) => (await import("./fleet/fleet-prover.ts")).loadFleetProver(folder),
    plugins: ({ install }) => (install ? sdk.installPlugins(project) : sdk.inspectPlugins(project)),
  };
}

/** The real SDK behind the commands. It is loaded when a command first needs it. */
export function orchestratorHost(telemetry: CommandTelemetry): ProjectHost {
  return {
    inspectEngines: async () => (await import("@groundplane/orchestrator")).inspectEngines(),
    load: async (from) => {
      const sdk = await import("@groundplane/orchestrator");
      return handleOf(sdk, await sdk.loadProject(from), telemetry);
    },
  };
}
