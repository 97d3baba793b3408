import type { Connectivity, ConnectivityFlow, Endpoint } from "./connectivity.ts";

/** Port of an agent's dashboard. */
export const DASHBOARD_PORT = 18_789;
/** Port of Mattermost. */
export const MATTERMOST_PORT = 8065;

/** The connectivity matrix of the fleet's document (spec/003, "Connectivity Matrix"), row by row. */
export const FLEET_FLOWS: readonly ConnectivityFlow[] = [
  { from: "agents", to: "hypervisors", protocol: "ssh", port: 22, purpose: "Management" },
  {
    from: "agents",
    to: "mattermost",
    protocol: "http",
    port: MATTERMOST_PORT,
    purpose: "Team communication",
  },
  { from: "agents", to: "internet", protocol: "https", port: 443, purpose: "API calls, git, packages" },
  { from: "agents", to: "github", protocol: "ssh", port: 22, purpose: "Git operations" },
  { from: "workstations", to: "agents", protocol: "ssh", port: 22, purpose: "Admin access" },
  { from: "workstations", to: "mattermost", protocol: "http", port: MATTERMOST_PORT, purpose: "Web UI" },
  { from: "workstations", to: "agents", protocol: "http", port: DASHBOARD_PORT, purpose: "OpenClaw UI" },
];

/**
 * That firewalls let people administer the hosts themselves: the matrix has no such row, and without it nobody could
 * reach a host whose firewall is on.
 */
const HOST_ADMINISTRATION: ConnectivityFlow = {
  from: "workstations",
  to: "hypervisors",
  protocol: "ssh",
  port: 22,
  purpose: "Admin access",
};

/** Port of Ollama. */
export const INFERENCE_PORT = 11_434;

/** Where the fleet has an inference server. */
const INFERENCE: readonly ConnectivityFlow[] = [
  { from: "agents", to: "inference", protocol: "http", port: INFERENCE_PORT, purpose: "Local inference" },
  { from: "workstations", to: "inference", protocol: "ssh", port: 22, purpose: "Admin access" },
];

export interface FleetParties {
  /** The fleet's own network, in CIDR form. */
  readonly network: string;
  readonly agents: readonly Endpoint[];
  readonly hypervisors: readonly Endpoint[];
  /** @default - none */
  readonly mattermost?: Endpoint;
  /** Networks of the people who administer the fleet, in CIDR form. */
  readonly workstations: readonly string[];
  /** @default - none */
  readonly inference?: Endpoint;
}

/** The document's matrix over the machines of a fleet. */
export function fleetConnectivity(parties: FleetParties): Connectivity {
  const { network, agents, hypervisors, mattermost, workstations, inference } = parties;
  const outside = { networks: ["0.0.0.0/0"], except: [network] };
  return {
    parties: {
      agents: { machines: [...agents] },
      hypervisors: { machines: [...hypervisors] },
      mattermost: { machines: mattermost === undefined ? [] : [mattermost] },
      workstations: { networks: [...workstations] },
      internet: outside,
      github: outside,
      ...(inference === undefined ? {} : { inference: { machines: [inference] } }),
    },
    flows: [...FLEET_FLOWS, HOST_ADMINISTRATION, ...(inference === undefined ? [] : INFERENCE)],
  };
}
