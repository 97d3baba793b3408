import { type PlainConnection, runOverSsh } from "@groundplane/machine";

/** Something that is not ready on a machine, and what to do. */
export interface MachineProblem {
  readonly subject: string;
  readonly problem: string;
  readonly remedy: string;
}

/** 2 GiB for the images, and as much to begin with. */
const FREE_MIB = 4096;

/** Says one word for each thing that is missing, and `end`. Changes nothing. */
export const PREFLIGHT_SCRIPT = `
for each in docker iptables-restore python3 systemctl flock; do
  command -v "$each" >/dev/null 2>&1 || echo "program $each"
done
docker compose version >/dev/null 2>&1 || echo "compose"
docker info >/dev/null 2>&1 || echo "engine"
# Other bridges than the engine's own, whose packets pass its firewall.
if [ "$(cat /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null || echo 0)" = 1 ]; then
  for each in /sys/class/net/*/bridge; do
    name=$(basename "$(dirname "$each")")
    case "$name" in docker* | br-???????????? | virbr* | '*') ;; *) echo "bridge $name" ;; esac
  done
fi
echo "free $(df -Pm /opt | awk 'NR == 2 { print $4 }')"
echo end
`;

/** What the script's words mean. */
export function preflightProblems(subject: string, stdout: string): readonly MachineProblem[] {
  const lines = stdout.trim().split("\n");
  if (lines.at(-1) !== "end")
    return [
      {
        subject,
        problem: "the look at the machine broke off",
        remedy: "log in over SSH and see whether a POSIX shell answers",
      },
    ];
  const problem = (what: string, remedy: string): MachineProblem => ({ subject, problem: what, remedy });
  return lines.flatMap((line) => {
    const [word = "", value = ""] = line.split(" ");
    if (word === "program") return [problem(`there is no ${value}`, `install ${value} on the machine`)];
    if (word === "compose")
      return [problem("docker has no compose plugin", "install docker-compose-plugin on the machine")];
    if (word === "engine")
      return [problem("Docker Engine does not answer", "start it: systemctl enable --now docker")];
    if (word === "bridge")
      return [
        problem(
          `what machines on the bridge ${value} send passes the engine's firewall, which drops it`,
          "set net.bridge.bridge-nf-call-iptables=0 in /etc/sysctl.d",
        ),
      ];
    if (word === "free" && !(Number(value) >= FREE_MIB))
      return [problem(`/opt has ${value || "no known"} MiB free`, `make room for ${FREE_MIB} MiB at least`)];
    return [];
  });
}

/**
 * Looks whether a machine is ready for Mattermost, over SSH, and changes nothing.
 *
 * @throws {MACHINE_UNREACHABLE} nothing answers
 * @throws {MACHINE_REFUSED} the machine's key is another one, or it refuses ours
 */
export async function preflightMattermost(
  connection: PlainConnection,
  signal?: AbortSignal,
): Promise<readonly MachineProblem[]> {
  const { stdout } = await runOverSsh(connection, PREFLIGHT_SCRIPT, {
    asRoot: true,
    timeoutSeconds: 60,
    ...(signal !== undefined && { signal }),
  });
  return preflightProblems(connection.host, stdout);
}
