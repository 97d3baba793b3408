/** What a connection came to: a listener took it, the machine said that nothing listens, or nothing came back. */
export type Seen = "open" | "closed" | "filtered" | "unknown";

interface Target {
  readonly address: string;
  readonly port: number;
}

/**
 * A script for `sh` that tries connections, all at once, and prints one line for each: its number and what came of it.
 * It needs `bash`, which every Debian and Ubuntu has, starts no other program, and sends nothing.
 *
 * @param targets Addresses are IPv4 and ports numbers: nothing of them is quoted.
 * @param waitSeconds How long an answer is waited for. A dropped packet is told from a slow one by this alone.
 */
export function probeScript(targets: readonly Target[], waitSeconds: number): string {
  const tries = targets.map(({ address, port }, index) => `try ${index} ${address} ${port} &`);
  return [
    "export LC_ALL=C",
    "bash <<'PROBE'",
    "try() {",
    '  exec 3< <({ : <>"/dev/tcp/$2/$3" && echo open; } 2>&1)',
    `  if read -r -t ${waitSeconds} said <&3; then`,
    '    case "$said" in',
    '      open) echo "$1 open" ;;',
    '      *"Connection refused"*) echo "$1 closed" ;;',
    '      *"Connection timed out"*|*"No route to host"*|*"Network is unreachable"*) echo "$1 filtered" ;;',
    '      *) echo "$1 unknown" ;;',
    "    esac",
    // Above 128 the time was over; else there was nothing to read.
    "  elif [ $? -gt 128 ]; then",
    '    echo "$1 filtered"',
    "    kill $!",
    "  fi",
    "}",
    ...tries,
    "wait",
    "PROBE",
    "",
  ].join("\n");
}

/** What each target's line says, in the order of the targets; one without a line is unknown. */
export function parseProbe(stdout: string, count: number): readonly Seen[] {
  const said = new Map<number, Seen>();
  for (const [, index, seen] of stdout.matchAll(/^(\d+) (open|closed|filtered)$/gm)) {
    if (seen === "open" || seen === "closed" || seen === "filtered") said.set(Number(index), seen);
  }
  return Array.from({ length: count }, (_, index) => said.get(index) ?? "unknown");
}
