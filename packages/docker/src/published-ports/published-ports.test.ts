import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type PublishedPortsOptions, planPublishedPorts } from "./published-ports.ts";

const options: PublishedPortsOptions = {
  name: "mattermost",
  folder: "/opt/mattermost",
  ports: [{ port: 8065, from: ["10.220.1.0/24", "10.8.0.7/32"] }],
};

/**
 * A machine with an engine, as far as packets see it: three networks, and a port that is sent on to a container past
 * INPUT. `reach FROM PORT` says whether a connection is answered. All of it ends with the process.
 */
const MACHINE = `
set -eu
mount -t tmpfs none /run && mkdir /run/netns
for each in client outsider box; do ip netns add $each; ip -n $each link set lo up; done
ip link set lo up
attach() {
  ip link add $1 type veth peer name eth0 netns $2
  ip addr add $3 dev $1 && ip link set $1 up
  ip -n $2 addr add $4 dev eth0 && ip -n $2 link set eth0 up
  ip -n $2 route add default via \${3%/*}
}
attach c0 client 10.220.1.10/24 10.220.1.50/24
attach o0 outsider 192.0.2.1/24 192.0.2.5/24
attach b0 box 172.18.0.1/24 172.18.0.2/24
echo 1 > /proc/sys/net/ipv4/ip_forward
iptables -w -N DOCKER-USER && iptables -w -A FORWARD -j DOCKER-USER
for port in 8065 9000; do
  iptables -w -t nat -A PREROUTING -p tcp --dport $port -j DNAT --to-destination 172.18.0.2:$port
done
cat > "$1/serve.py" <<'PY'
import socket, time
held = [socket.create_server(("0.0.0.0", port), backlog=50) for port in (8065, 9000)]
print("ready", flush=True)
time.sleep(60)
PY
ip netns exec box python3 "$1/serve.py" > "$1/ready" &
server=$!
trap 'kill $server' EXIT
until grep -q ready "$1/ready"; do :; done
reach() {
  ip netns exec $1 python3 -c 'import socket, sys; socket.create_connection(("10.220.1.10" if sys.argv[1] == "client" else "192.0.2.1", int(sys.argv[2])), timeout=1)' $1 $2 2>/dev/null && echo "$1 $2 yes" || echo "$1 $2 no"
}
all() { for from in client outsider; do for port in 8065 9000; do reach $from $port; done; done; }
script=$1/published-ports
`;

const inMachine = (folder: string, script: string) =>
  spawnSync("unshare", ["--net", "--mount", "sh", "-c", `${MACHINE}\n${script}`, "sh", folder], {
    timeout: 45_000,
    encoding: "utf8",
  });

function cannot(): string | undefined {
  if (process.getuid?.() !== 0) return "this needs root, for network namespaces";
  for (const program of ["iptables", "ip", "unshare", "python3"])
    if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) return `there is no ${program} here`;
  const { status, stderr } = spawnSync("unshare", ["--net", "--mount", "iptables", "-w", "-t", "nat", "-S"], {
    encoding: "utf8",
  });
  return status === 0 ? undefined : `no network namespace with iptables here: ${stderr.trim()}`;
}

describe("the program that guards published ports", () => {
  test("lets its networks in and nobody else, and takes everything back", ({ skip }) => {
    const why = cannot();
    if (why !== undefined) return skip(why);
    const folder = mkdtempSync(join(tmpdir(), "ports-"));
    try {
      const [program] = planPublishedPorts(options).files;
      writeFileSync(join(folder, "published-ports"), program?.content ?? "", { mode: 0o755 });
      const { stdout, stderr, status } = inMachine(
        folder,
        `
iptables-save > $1/before
echo before; all
$script check 2>/dev/null && echo checked || echo unchecked
$script apply; $script apply
echo applied; all
$script check && echo checked || echo unchecked
iptables -w -I DOCKER-USER 1 -j RETURN
$script check 2>/dev/null && echo checked || echo unchecked
iptables -w -D DOCKER-USER 1
iptables -w -D GP-MATTERMOST 1
$script check 2>/dev/null && echo checked || echo unchecked
$script remove; $script remove
echo removed; all
iptables-save | grep -v '^#' | sed 's/\\[.*//' > $1/after
grep -v '^#' $1/before | sed 's/\\[.*//' | cmp - $1/after && echo same`,
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const everyone = ["client 8065 yes", "client 9000 yes", "outsider 8065 yes", "outsider 9000 yes"];
      const guarded = ["client 8065 yes", "client 9000 yes", "outsider 8065 no", "outsider 9000 yes"];
      expect(stdout.trim().split("\n")).toEqual([
        ...["before", ...everyone, "unchecked"],
        ...["applied", ...guarded, "checked", "unchecked", "unchecked"],
        ...["removed", ...everyone, "same"],
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe("planPublishedPorts", () => {
  test("writes scripts that a POSIX shell takes, and a unit", ({ skip }) => {
    const { files, setup, reset, check } = planPublishedPorts(options);
    expect(files.map(({ path, mode }) => [path, mode])).toEqual([
      ["/opt/mattermost/bin/published-ports", "0755"],
      ["/etc/systemd/system/mattermost-published-ports.service", "0644"],
    ]);
    for (const input of [files[0]?.content ?? "", setup, reset, check])
      expect(spawnSync("sh", ["-n"], { input, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    if (spawnSync("systemd-analyze", ["--version"]).status !== 0)
      return skip("there is no systemd-analyze here");
    const folder = mkdtempSync(join(tmpdir(), "unit-"));
    try {
      const unit = join(folder, "x.service");
      writeFileSync(
        unit,
        (files[1]?.content ?? "").replaceAll("/opt/mattermost/bin/published-ports", "/bin/true"),
      );
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    [{ name: "Matter Most" }, /name is "Matter Most"/],
    [{ ports: [{ port: 0, from: ["10.0.0.0/8"] }] }, /port is 0/],
    [{ ports: [{ port: 80, from: [] }] }, /port 80 is for no network/],
    [{ ports: [{ port: 80, from: ["0.0.0.0/0"] }] }, /is everyone/],
    [{ ports: [{ port: 80, from: ["10.0.0.0/33"] }] }, /is no IPv4 network/],
    [{ ports: [{ port: 80, from: ["10.0.0/8"] }] }, /is no IPv4 network/],
    [{ ports: [{ port: 80, from: ["10.0.0.0/8 -j ACCEPT"] }] }, /is no IPv4 network/],
  ])("fails for %j", (own, message) => {
    expect(() => planPublishedPorts({ ...options, ...own })).toThrow(message);
  });
});
