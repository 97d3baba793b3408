import {
  type Connectivity,
  firewallRules,
  INFERENCE_PORT,
  InferenceServer,
  type ModelRoute,
  modelRoutes,
} from "@groundplane/libvirt";
import type * as pulumi from "@pulumi/pulumi";
import type { FleetConfig } from "./fleet-config.ts";

/** What agents ask: the fleet's own models first, then those of clouds. Empty for OpenClaw's own choice. */
export function modelsOf({ inference, cloudModels }: FleetConfig): {
  readonly models?: readonly ModelRoute[];
} {
  const local = (inference?.models ?? []).map(({ name }) => ({
    provider: "ollama" as const,
    model: name,
    url: `http://${inference?.address}:${INFERENCE_PORT}`,
  }));
  if (local.length === 0 && Object.keys(cloudModels).length === 0) return {};
  return { models: modelRoutes({ local, cloud: cloudModels }) };
}

/** Sets the inference server up, where the config has one. */
export function inferenceServer(
  { inference, inventory }: FleetConfig,
  matrix: Connectivity,
  privateKey: pulumi.Input<string>,
): void {
  if (inference === undefined) return;
  const { name, address, user, hostKey, ...server } = inference;
  new InferenceServer(name, {
    connection: { host: address, user, hostKey, privateKey },
    ...server,
    address,
    network: inventory.network.cidr,
    firewall: firewallRules(matrix, address),
  });
}
