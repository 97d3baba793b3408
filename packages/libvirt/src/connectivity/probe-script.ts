/** What a connection came to: a listener took it, the machine said that nothing listens, or nothing came back. */
export type Seen = "open" | "closed" | "filtered" | "unknown";

interface Target {
  readonly address: string;
  readonly port: number;
}

/**
 * A script for `sh` that tries connections, all at once, and prints one line for each: its number and what came of it.
 * It needs `bash` and `timeout`, which every Debian and Ubuntu has, and sends nothing.
 *
 * @param targets Addresses are IPv4 and ports numbers: nothing of them is quoted.
 * @param waitSeconds How long an answer is waited for. A dropped packet is told from a slow one by this alone.
 */
export function probeScript(targets: readonly Target[], waitSeconds: number): string {
  const tries = targets.map(({ address, port }, index) => `try ${index} ${address} ${port} &`);
  return [
    "export LC_ALL=C",
    "try() {",
    `  said=$(timeout ${waitSeconds} bash -c ': <>"/dev/tcp/$0/$1"' "$2" "$3" 2>&1) && code=0 || code=$?`,
    '  case "$code $said" in',
    '    "0 "*) echo "$1 open" ;;',
    '    *"Connection refused"*) echo "$1 closed" ;;',
    '    "124 "*|*"Connection timed out"*|*"No route to host"*|*"Network is unreachable"*) echo "$1 filtered" ;;',
    '    *) echo "$1 unknown" ;;',
    "  esac",
    "}",
    ...tries,
    "wait",
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
