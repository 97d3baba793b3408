import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import type { FlowToProve } from "./allowed-flows.ts";
import { parseProbe, probeScript } from "./probe-script.ts";
import { proveFlows } from "./prove-flows.ts";

const from = { name: "athena", address: "10.220.1.50" };
const to = { name: "r820", address: "10.220.1.11" };
const flow = (port: number, expected: FlowToProve["expected"]): FlowToProve => ({
  ...{ from, to, port, expected },
  purposes: [],
});

function sh(script: string): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    execFile("sh", ["-euc", script], (error, stdout) => resolve({ code: error === null ? 0 : 1, stdout }));
  });
}

describe("proveFlows", () => {
  test.each<[FlowToProve["expected"], string, boolean, RegExp]>([
    ["allowed", "open", true, /is answered; it is to be allowed/],
    ["allowed", "closed", true, /gets through, and nothing listens/],
    ["allowed", "filtered", false, /athena to r820 port 22 is not answered; it is to be allowed/],
    ["allowed", "", false, /could not be tried/],
    ["refused", "open", false, /is answered; it is to be refused/],
    ["refused", "closed", false, /gets through/],
    ["refused", "filtered", true, /is not answered/],
    ["refused", "", false, /could not be tried/],
  ])("one to be %s that is seen as %j: %s", async (expected, seen, holds, words) => {
    const run = async () => ({ code: 0, stdout: seen === "" ? "" : `0 ${seen}\n` });
    const [proof, ...more] = await proveFlows([flow(22, expected)], run);
    expect([proof?.holds, more]).toEqual([holds, []]);
    expect(proof?.message).toMatch(words);
  });

  test("does not hold where the machine cannot be reached, and says why", async () => {
    const proofs = await proveFlows([flow(22, "refused"), flow(80, "allowed")], async () => {
      throw new TypeError("no route to athena");
    });
    expect(proofs.map(({ holds, seen }) => [holds, seen])).toEqual([
      [false, "unknown"],
      [false, "unknown"],
    ]);
    expect(proofs[0]?.message).toContain("could not be tried: no route to athena");
  });

  test("tries many in parts, and gives each its own answer", async () => {
    const flows = Array.from({ length: 300 }, (_, index) =>
      flow(index + 1, index % 2 === 0 ? "allowed" : "refused"),
    );
    const proofs = await proveFlows(flows, async (_machine, script) => {
      const tried = [...script.matchAll(/^try (\d+) \S+ (\d+) &$/gm)];
      expect(tried.length).toBeLessThanOrEqual(128);
      const lines = tried.map(
        ([, index, port]) => `${index} ${Number(port) % 2 === 1 ? "open" : "filtered"}`,
      );
      return { code: 0, stdout: lines.reverse().join("\n") };
    });
    expect(proofs.length).toBe(300);
    expect(proofs.filter(({ holds }) => !holds)).toEqual([]);
    expect(proofs.map(({ port }) => port)).toEqual(flows.map(({ port }) => port));
  });
});

describe("the probe's script", () => {
  test("sees a listener, and a port without one", async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      const { stdout } = await sh(
        probeScript(
          [
            { address: "127.0.0.1", port },
            // Reserved (RFC 6335), so that nothing listens there.
            { address: "127.0.0.1", port: 1023 },
          ],
          3,
        ),
      );
      expect(parseProbe(stdout, 2)).toEqual(["open", "closed"]);
    } finally {
      server.close();
    }
  });

  test("takes nothing but its own lines for an answer", () => {
    expect(parseProbe("Welcome to athena\n1 open\n2 maybe\n 0 open\n7 filtered\n", 4)).toEqual([
      ...["unknown", "open", "unknown", "unknown"],
    ]);
  });
});
