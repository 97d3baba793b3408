import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { isGroundplaneError, type PreflightProblem } from "@groundplane/contracts";
import { readReport } from "./host-report.ts";
import type { PreflightHost } from "./preflight-host.ts";
import { type ProbeHost, probeHost } from "./probe-host.ts";
import { probeScript } from "./probe-script.ts";
import { reportProblems } from "./report-problems.ts";

export interface PreflightOptions {
  readonly signal?: AbortSignal;
  /** Runs a script on a host. @default - over SSH, or here for a local one */
  readonly probe?: ProbeHost;
  /** Where programs of this machine are looked for. @default - the variable PATH */
  readonly path?: string;
}

const DEFAULT_SOCKET = "/var/run/libvirt/libvirt-sock";

/** What a connection that failed means; the error's own words say which host and key. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /host key is SHA256/,
    "compare the key on the host's own screen (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub); only when it is right, put it into known_hosts",
  ],
  [
    /refuses the private key/,
    "put the public key into that user's authorized_keys on the host, or give the right key",
  ],
  [/timed out|did not end/i, "see whether the host is overloaded, and try again"],
];

function unreachable(host: PreflightHost, error: unknown): PreflightProblem {
  const problem = error instanceof Error ? error.message : String(error);
  const known = REMEDIES.find(([pattern]) => pattern.test(problem));
  const remedy =
    known?.[1] ??
    (isGroundplaneError(error) && error.code === "INVALID_ARGUMENT"
      ? "mend the connection's arguments"
      : "see that it is on, that its address and port are right, and that no firewall is in between");
  return { subject: host.name, problem, remedy };
}

async function problemsOf(
  host: PreflightHost,
  { probe = probeHost, signal }: PreflightOptions,
): Promise<readonly PreflightProblem[]> {
  const pools = Object.fromEntries(
    Object.entries(host.pools).map(([key, pool]) => [
      key,
      "path" in pool ? { name: pool.name ?? key, path: pool.path } : { name: pool.existing },
    ]),
  );
  const { socket = DEFAULT_SOCKET } = host.connection;
  try {
    const begun = Date.now();
    const script = probeScript({ pools, network: host.network, socket });
    const { code, stdout, stderr } = await probe(host, script, signal);
    const report = readReport(stdout);
    // Between the two the host read its own clock.
    if (report !== undefined) return reportProblems(host, report, (begun + Date.now()) / 2);
    const words = stderr.trim().split("\n").at(-1) ?? "";
    return [
      {
        subject: host.name,
        problem: `what is there could not be seen: a script ended with ${code}${words === "" ? "" : ` (${words})`}`,
        remedy: "log in as the same user, and see what its shell says",
      },
    ];
  } catch (error) {
    return [unreachable(host, error)];
  }
}

/** `mkisofs` makes the ISO images that cloud-init reads; the provider starts it here, not on the host. */
async function problemsHere(path: string): Promise<readonly PreflightProblem[]> {
  const found = await Promise.all(
    path.split(delimiter).map((folder) =>
      access(join(folder, "mkisofs"), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (found.includes(true)) return [];
  return [
    {
      subject: "this machine",
      problem: "mkisofs is missing: it makes what cloud-init reads",
      remedy: "install genisoimage (Debian, Ubuntu), or cdrtools",
    },
  ];
}

/**
 * Looks at hypervisors before anything is made, all at once, and changes nothing: what is wrong, in words, with a remedy
 * each. Whatever cannot be looked at is a problem too. It never throws for a host; made for `defineStack({ preflight })`.
 */
export async function preflightHypervisors(
  hosts: readonly PreflightHost[],
  options: PreflightOptions = {},
): Promise<readonly PreflightProblem[]> {
  const here = await problemsHere(options.path ?? process.env["PATH"] ?? "");
  const there = await Promise.all(hosts.map((host) => problemsOf(host, options)));
  return [...here, ...there.flat()];
}
