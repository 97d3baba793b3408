import { type FleetParties, fleetConnectivity } from "./fleet-connectivity.ts";

const endpoints = (names: string, first: number) =>
  names.split(" ").map((name, index) => ({ name, address: `10.220.1.${first + index}` }));

/** The document's hosts and machines. Its addresses of hosts do not follow the order of the table. */
export const PARTIES: FleetParties = {
  network: "10.220.1.0/24",
  agents: endpoints("athena apollo artemis hermes perseus prometheus ares poseidon", 50),
  hypervisors: endpoints("r420 r8202 r710 r720xd r820", 7),
  mattermost: { name: "r720xd", address: "10.220.1.10" },
  workstations: ["10.220.1.240/28"],
};

const plain = fleetConnectivity(PARTIES);
const outside = {
  ...plain.parties["internet"],
  networks: ["0.0.0.0/0"],
  probe: { name: "internet", address: "203.0.113.7" },
};

/** With machines from which and to which flows into networks that are not the fleet's can be tried. */
export const MATRIX = {
  ...plain,
  parties: {
    ...plain.parties,
    workstations: {
      networks: ["10.220.1.240/28"],
      probe: { name: "workstation", address: "10.220.1.241" },
    },
    internet: outside,
    github: outside,
  },
};

export const STRANGER = { name: "stranger", address: "10.220.1.200" };
