export interface SuiteRow {
  /** What the archive's signatures are checked with. @format path */
  readonly keyring: string;
  /** Debian's package that has it. */
  readonly keyringPackage: string;
  /** Kernel, and what this distribution has as a package of its own. */
  readonly packages: readonly string[];
}

const DEBIAN: SuiteRow = {
  keyring: "/usr/share/keyrings/debian-archive-keyring.gpg",
  keyringPackage: "debian-archive-keyring",
  packages: ["linux-image-cloud-amd64", "systemd-resolved"],
};

/** Distributions by their suites, as mmdebstrap names them; it knows their archives. */
export const SUITES = {
  bookworm: DEBIAN,
  trixie: DEBIAN,
  jammy: {
    keyring: "/usr/share/keyrings/ubuntu-archive-keyring.gpg",
    keyringPackage: "ubuntu-archive-keyring",
    packages: ["linux-image-virtual"],
  },
} as const satisfies Record<string, SuiteRow>;

export type Suite = keyof typeof SUITES;

export function isSuite(name: string): name is Suite {
  return Object.hasOwn(SUITES, name);
}
