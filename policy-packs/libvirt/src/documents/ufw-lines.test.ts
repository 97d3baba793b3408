import { expect, test } from "vitest";
import { enablesFirewall, openPorts } from "./ufw-lines.ts";

test.each<[string, readonly (readonly [number, number])[]]>([
  ["ufw allow 18789/tcp", [[18_789, 18_789]]],
  ["  sudo ufw allow 8065", [[8065, 8065]]],
  ["ufw allow 8000:9000/tcp", [[8000, 9000]]],
  [
    "ufw allow 80,8065/tcp comment 'from the office'",
    [
      [80, 80],
      [8065, 8065],
    ],
  ],
  ["ufw limit in 8065/tcp", [[8065, 8065]]],
  ["ufw insert 1 allow 8065", [[8065, 8065]]],
  ["ufw allow from any to any port 18789 proto tcp", [[18_789, 18_789]]],
  ["ufw allow from 0.0.0.0/0 to any port 1:9000 proto tcp", [[1, 9000]]],
  ["ufw allow to any proto tcp", [[1, 65_535]]],
  ["ufw allow from ::/0", [[1, 65_535]]],
  ["ufw allow in on eth0", [[1, 65_535]]],
  ["ufw allow in on eth0 to any port 8065", [[8065, 8065]]],
  // As AgentHost's own script lists them.
  ["allow 18789/tcp comment 'dashboard'", [[18_789, 18_789]]],
  ["ufw allow OpenSSH", []],
  ["ufw allow from 10.220.1.0/24 to any port 18789 proto tcp", []],
  ["ufw allow from 10.220.1.5 # any", []],
  ["ufw allow out 8065", []],
  ["ufw deny 8065", []],
  ["ufw default allow outgoing", []],
  ["# ufw allow 8065", []],
  ["echo allow 8065", []],
])("%s opens %j to everyone", (line, ranges) => {
  const found = openPorts(`set -eu\n${line}\nexit 0\n`);
  expect(found.map(({ first, last }) => [first, last])).toEqual(ranges);
  for (const open of found) expect(open.line).toBe(line.trim());
});

test.each([
  ["ufw --force enable", true],
  ["yes | ufw enable", true],
  ["sudo ufw enable\n", true],
  ["ufw default deny incoming", false],
  ["echo ufw enable", false],
  ["# ufw enable", false],
  ["ufw disable", false],
])("%s switches the firewall on: %s", (line, on) => {
  expect(enablesFirewall(`set -eu\n${line}`)).toBe(on);
});
