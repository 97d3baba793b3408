import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { MATRIX } from "../connectivity/fleet.fixture.ts";
import { INVENTORY_SCHEMA } from "../fleet-inventory/fleet-inventory.ts";
import { proveFleet, waysIntoFleet } from "./prove-fleet.ts";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICOIrhL80DcRPrWXtu2WH5lacVVxq66MseQCezn7VcAm";
const folder = mkdtempSync(join(tmpdir(), "groundplane-ways-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "key"), "the hosts' key");
writeFileSync(join(folder, "known_hosts"), `[10.220.1.7]:2222 ${HOST_KEY}\n`);

const machine = (name: string, address: string) => ({
  ...{ name, address, host: "r420", macAddress: "52:54:00:00:00:01", memoryMiB: 1024, vcpus: 1, diskGiB: 10 },
  ...{ role: "PM", user: "agent" },
});
const outputs = {
  inventory: {
    schema: INVENTORY_SCHEMA,
    name: "rack",
    network: { cidr: "10.220.1.0/24", gateway: "10.220.1.1", nameservers: [] },
    hosts: [
      { name: "r420", address: "10.220.1.7", labels: [] },
      { name: "r8202", address: "10.220.1.8", labels: [] },
    ],
    machines: [machine("athena", "10.220.1.50"), machine("apollo", "10.220.1.51")],
    services: [],
  },
  knownHosts: `athena,10.220.1.50 ${HOST_KEY}\n`,
  connectivity: MATRIX,
};
const hosts = {
  ...{ user: "ops", port: 2222 },
  ...{ privateKeyFile: join(folder, "key"), knownHostsFile: join(folder, "known_hosts") },
};

test("machines are logged in to by their own keys, hosts by files, and what lacks one is not", () => {
  expect(waysIntoFleet(outputs, { privateKey: "mine", hosts })).toEqual({
    "10.220.1.50": { host: "10.220.1.50", user: "agent", privateKey: "mine", hostKey: HOST_KEY },
    "10.220.1.51": { noWay: "knownHosts does not have its key" },
    "10.220.1.7": {
      ...{ host: "10.220.1.7", port: 2222, user: "ops" },
      ...{ privateKey: "the hosts' key", hostKey: HOST_KEY },
    },
    "10.220.1.8": { noWay: expect.stringContaining("has no key of [10.220.1.8]:2222") },
  });
  const other = waysIntoFleet(outputs, { privateKey: "mine", user: "deploy" });
  expect(other["10.220.1.50"]).toMatchObject({ user: "deploy" });
  expect(other["10.220.1.7"]).toEqual({ noWay: "no way to log in to hypervisors is given" });
});

test("fails when the outputs are not those of a fleet", async () => {
  const { connectivity: _, ...older } = outputs;
  await expect(proveFleet(older, { login: { privateKey: "mine" } })).rejects.toThrow(
    /not those of a fleet: connectivity: .*; deploy the stack once more/,
  );
});
