import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestHost } from "../run-script.fixture.ts";
import { firewallScripts } from "./firewall-script.ts";
import { type UfwRule, ufwArguments } from "./ufw-rule.ts";

describe("a firewall rule", () => {
  test.each<[Omit<UfwRule, "purpose">, string]>([
    [{ port: 22 }, "allow 22/tcp"],
    [{ port: 22, direction: "out", action: "deny" }, "deny out 22/tcp"],
    [{ from: "10.220.1.0/24", port: 18789 }, "allow from 10.220.1.0/24 to any port 18789 proto tcp"],
    [
      { from: "10.220.1.5/32", port: { first: 60000, last: 60010 }, protocol: "udp" },
      "allow from 10.220.1.5 to any port 60000:60010 proto udp",
    ],
    [{ from: "10.0.0.1", to: "10.0.0.2" }, "allow from 10.0.0.1 to 10.0.0.2 proto tcp"],
    [{ to: "fd00::/64", port: 443, direction: "out" }, "allow out to fd00::/64 port 443 proto tcp"],
    [{ from: "0.0.0.0/0" }, "allow to any proto tcp"],
  ])("%o is in ufw's own form", (rule, text) => {
    expect(ufwArguments({ purpose: "SSH (admins)", ...rule })).toBe(`${text} comment 'SSH (admins)'`);
  });

  test.each<[Partial<UfwRule>, string]>([
    [{ purpose: "it's" }, "a firewall rule's purpose"],
    [{ purpose: "a\nb" }, "a firewall rule's purpose"],
    [{ from: "10.220.1.50/24" }, "bits beyond its prefix"],
    [{ from: "10.220.1.0/33" }, "is no address or network"],
    [{ from: "10.0.0.1; reboot" }, "is no address or network"],
    [{ to: "10.0.0.0/8/8" }, "is no address or network"],
    [{ port: 0 }, "port is 0"],
    [{ port: { first: 5, last: 4 } }, "port is 4"],
  ])("is refused: %o", (rule, message) => {
    expect(() => ufwArguments({ purpose: "SSH", ...rule })).toThrow(message);
  });
});

describe("a firewall", () => {
  const ssh: UfwRule = { purpose: "SSH", from: "10.0.0.0/8", port: 22 };

  test.each<[readonly UfwRule[], string]>([
    [[], "no firewall rule lets SSH in"],
    [[{ ...ssh, action: "deny" }], "no firewall rule lets SSH in"],
    [[{ ...ssh, protocol: "udp" }], "no firewall rule lets SSH in"],
    [[ssh, ssh], "is there twice"],
  ])("that locks everybody out, or says a thing twice, is refused: %o", (rules, message) => {
    expect(() => firewallScripts(rules)).toThrow(message);
  });

  test("may have SSH at another port", () => {
    expect(firewallScripts([{ ...ssh, port: 2222 }], { sshPort: 2222 }).check).toContain("port 2222");
  });
});

describe("setting a firewall up", () => {
  const rules: readonly UfwRule[] = [
    { purpose: "People", from: "10.220.1.240/28", port: 22 },
    { purpose: "An agent", from: "10.220.1.50", port: 22 },
    { purpose: "Dashboard", from: "10.220.2.0/24", port: 18_789 },
  ];
  let host: TestHost;
  beforeEach(() => {
    host = new TestHost({ ufw: 'echo "$*" >>"$host/log"', "dpkg-query": "printf 'ii '" });
    for (const setup of ["this", "other"])
      mkdirSync(join(host.folder, "state", setup, "own"), { recursive: true });
    writeFileSync(join(host.folder, "state/this/own/kept"), "");
  });
  afterEach(() => host.remove());
  const setUp = (peer: string, more: { rules?: readonly UfwRule[]; forwarding?: boolean } = {}) => {
    const { setup } = firewallScripts(more.rules ?? rules, { forwarding: more.forwarding ?? false });
    const own = join(host.folder, "state/this/own");
    return host.run(`export GROUNDPLANE_STATE='${own}' GROUNDPLANE_PEER='${peer}'\n${setup}`);
  };
  const done = () =>
    existsSync(join(host.folder, "log")) ? readFileSync(join(host.folder, "log"), "utf8") : "";

  test.each(["10.220.1.241", "10.220.1.255", "10.220.1.50", "", "fd00::1"])(
    "from %o is done",
    async (peer) => {
      expect(await setUp(peer)).toMatchObject({ code: 0, stderr: "" });
      expect(done()).toMatch(/default deny incoming\ndefault allow outgoing\n--force enable\n$/);
    },
  );

  test.each(["10.220.1.239", "10.220.1.51", "10.220.2.7", "192.168.0.1"])(
    "from %s, which no rule lets in again by SSH, is refused before anything is done",
    async (peer) => {
      const { code, stderr } = await setUp(peer);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`comes from ${peer}, and no rule lets SSH in`),
      ]);
      expect(done()).toBe("");
    },
  );

  test("from anywhere is done where a rule is for anywhere", async () => {
    expect(await setUp("192.168.0.1", { rules: [{ purpose: "SSH", port: 22 }] })).toMatchObject({ code: 0 });
  });

  test("is refused where another setup has the firewall already", async () => {
    writeFileSync(join(host.folder, "state/other/own/kept"), "");
    const { code, stderr } = await setUp("10.220.1.50");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("another setup looks after the firewall here"),
    ]);
    expect(done()).toBe("");
  });

  test("leaves alone what a host passes on for its guests, where that is asked for", async () => {
    expect(await setUp("10.220.1.50", { forwarding: true })).toMatchObject({ code: 0 });
    expect(done()).toContain("default allow routed\n--force enable\n");
  });
});
