/** What a probe found. */
export interface HostReport {
  readonly facts: Readonly<Record<string, string>>;
  readonly pools: Readonly<
    Record<string, { readonly state: string; readonly sizeGiB: number; readonly freeGiB: number }>
  >;
}

const KIB_PER_GIB = 1024 ** 2;

/** Reads what `probeScript` writes; undefined where it did not come to its end. Lines of other programs are passed over. */
export function readReport(stdout: string): HostReport | undefined {
  const lines = stdout.split("\n").flatMap((line): readonly (readonly [string, string])[] => {
    const [, name, value] = /^([a-z]+(?:\/[^\t]+)?)\t(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  const facts = Object.fromEntries(lines.filter(([name]) => !name.startsWith("pool/")));
  if (facts["end"] !== "yes") return undefined;
  const pools = lines.flatMap(([name, value]) => {
    const [, state, size, free] = /^(.*) (\d+) (\d+)$/.exec(value) ?? [];
    if (!name.startsWith("pool/") || state === undefined) return [];
    return [
      [
        name.slice("pool/".length),
        { state, sizeGiB: Number(size) / KIB_PER_GIB, freeGiB: Number(free) / KIB_PER_GIB },
      ] as const,
    ];
  });
  return { facts, pools: Object.fromEntries(pools) };
}
