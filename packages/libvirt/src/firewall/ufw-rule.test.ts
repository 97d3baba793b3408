import { describe, expect, test } from "vitest";
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
