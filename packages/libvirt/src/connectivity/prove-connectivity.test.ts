import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connectivity } from "./connectivity.ts";
import { brokenFlows } from "./connectivity-report.ts";
import { MATRIX, PARTIES } from "./fleet.fixture.ts";
import { fleetConnectivity } from "./fleet-connectivity.ts";
import {
  type ProofProgress,
  type ProveConnectivityOptions,
  proveConnectivity,
} from "./prove-connectivity.ts";

/** Reserved (RFC 6335), so that nothing listens there. */
const SILENT_PORT = 1023;
const HERE = "127.0.0.5";
const SERVER = { name: "server", address: "127.0.0.7" };
const OTHER = { name: "other", address: "127.0.0.9" };

const { privateKey: KEY } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICOIrhL80DcRPrWXtu2WH5lacVVxq66MseQCezn7VcAm";

let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, SERVER.address, resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => server.close());

/** Everything of it is on loopback: what is said of it is seen by real connections. */
function matrix(more: Partial<Connectivity> = {}): Connectivity {
  return {
    parties: {
      servers: { machines: [SERVER] },
      others: { machines: [OTHER] },
      people: { networks: ["127.0.0.4/30"] },
      outside: { networks: ["0.0.0.0/0"], except: ["127.0.0.0/8"] },
    },
    flows: [
      { from: "people", to: "servers", protocol: "tcp", port, purpose: "work" },
      { from: "servers", to: "outside", protocol: "tcp", port: SILENT_PORT, purpose: "packages" },
    ],
    unguarded: [OTHER.address],
    ...more,
  };
}

const prove = (more: Partial<ProveConnectivityOptions> = {}, of = matrix()) =>
  proveConnectivity(of, {
    ways: {},
    ownAddresses: [HERE],
    waitSeconds: 1,
    connectTimeoutSeconds: 1,
    ...more,
  });

describe("proveConnectivity", () => {
  test("tries from this machine what its address stands for, and says what was not tried, and why", async () => {
    const report = await prove();
    expect(report.flows.map(({ message, holds }) => `${holds} ${message}`)).toEqual(
      [
        `false other to server port ${SILENT_PORT} could not be tried: no way to log in to it is given; it is to be refused`,
        `false other to server port ${port} could not be tried: no way to log in to it is given; it is to be refused`,
        `false this machine to server port ${SILENT_PORT} gets through, and nothing listens; it is to be refused`,
        `true this machine to server port ${port} is answered; it is to be allowed`,
      ].sort(),
    );
    expect([report.held, report.broken, report.notTried]).toEqual([1, 1, 2]);
    expect(report.untriedSources).toEqual([
      { from: OTHER, flows: 2, why: "no way to log in to it is given", failed: false },
    ]);
    expect(report.untriedRows.map(({ row, why }) => [row.to, why])).toEqual([
      ["outside", 'no address in "outside" is given to try'],
    ]);
    expect(report.summary).toBe("1 of 4 connections are as the matrix says, 1 is not, 2 were not tried");
  });

  test("a machine that does not answer is not tried from, and that is a failure", async () => {
    const way = { host: OTHER.address, port: SILENT_PORT, user: "agent", privateKey: KEY, hostKey: HOST_KEY };
    const told: unknown[] = [];
    const report = await prove({ ways: { [OTHER.address]: way }, onProgress: (one) => told.push(one) });
    expect(report.untriedSources).toMatchObject([
      {
        from: OTHER,
        flows: 2,
        failed: true,
        why: expect.stringContaining("127.0.0.9:1023 cannot be reached over SSH"),
      },
    ]);
    expect(JSON.stringify(report)).not.toContain(KEY.slice(40, 80));
    expect(told).toMatchObject([
      { done: 1, of: 2 },
      { done: 2, of: 2 },
    ]);
  });

  test("outside of every network of the matrix a row from there is not tried, and never held", async () => {
    const report = await prove({ ownAddresses: ["192.0.2.1"] });
    expect(report.held).toBe(0);
    expect(report.untriedRows.map(({ why }) => why)).toEqual([
      'no machine of "people" takes part: run it on one',
      'no address in "outside" is given to try',
    ]);
  });

  test("is itself a machine of the matrix where it has its address", async () => {
    const report = await prove({ ownAddresses: [OTHER.address] });
    expect(brokenFlows(report).map(({ from, to, port: at }) => [from.name, to.name, at])).toEqual([
      ["other", "server", SILENT_PORT],
      ["other", "server", port],
    ]);
  });

  test("a probe makes a row into a network one to try, and is no source", async () => {
    const probe = { name: "mirror", address: "203.0.113.9" };
    const report = await prove({ ownAddresses: [SERVER.address], probes: { outside: probe } });
    // What comes back from there is this network's affair.
    expect(report.flows.map(({ from, to, port: at }) => [from.name, to.name, at])).toContainEqual([
      ...["server", "mirror", SILENT_PORT],
    ]);
    expect(report.flows.some(({ from }) => from.name === "mirror")).toBe(false);
    expect(report.untriedRows.map(({ row }) => row.from)).toEqual(["people"]);
  });

  test("looks again while a machine may still be starting, and not where too much is let through", async () => {
    const way = { host: OTHER.address, port: SILENT_PORT, user: "agent", privateKey: KEY, hostKey: HOST_KEY };
    const ways = { [OTHER.address]: way };
    let looks = 0;
    const onProgress = ({ from }: ProofProgress) => {
      if (from.name === OTHER.name) looks += 1;
    };
    const report = await prove({ ways, ownAddresses: [], settleSeconds: 1, onProgress });
    expect([report.notTried, looks]).toEqual([2, 2]);
    const open = await prove({ ways, settleSeconds: 60, onProgress });
    expect([open.broken, looks]).toEqual([1, 3]);
  });

  test.each<[string, Partial<ProveConnectivityOptions>, RegExp]>([
    [
      "a probe is of no network",
      { probes: { servers: SERVER } },
      /no network of the matrix; it has people, outside/,
    ],
    ["a probe is not in the network", { probes: { people: OTHER } }, /does not have that address/],
    ["the wait is out of bounds", { waitSeconds: 0 }, /waitSeconds is 0/],
  ])("fails when %s", async (_how, options, words) => {
    await expect(prove(options)).rejects.toThrow(words);
  });
});

test("what the matrix refuses on an unguarded machine is not tried, what it allows there is", async () => {
  const unguarded = PARTIES.hypervisors.map(({ address }) => address);
  const { flows } = await proveConnectivity({ ...MATRIX, unguarded }, { ways: {}, ownAddresses: [] });
  const toHosts = flows.filter(({ to }) => unguarded.includes(to.address));
  expect(toHosts.every(({ expected }) => expected === "allowed")).toBe(true);
  expect(toHosts.length).toBe(8 * 5 + 8 + 5 + 1);
});

test("a party without machines has no row to try", async () => {
  const { mattermost: _, ...parties } = PARTIES;
  const { untriedRows } = await proveConnectivity(fleetConnectivity(parties), { ways: {}, ownAddresses: [] });
  expect(untriedRows.map(({ row }) => row.to)).not.toContain("mattermost");
});
