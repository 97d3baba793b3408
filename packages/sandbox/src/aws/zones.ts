/** Letters of a region's zones as most accounts see them; every other region has a, b and c. */
const LETTERS: Readonly<Record<string, string>> = {
  "us-east-1": "abcdef",
  "us-west-1": "ac",
  "us-west-2": "abcd",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
  "ca-central-1": "abd",
};

export interface Zone {
  readonly name: string;
  /** The same place in every account: `euw1-az1`. */
  readonly id: string;
}

/** A region's availability zones, in order of their names. */
export function zonesOf(region: string): readonly Zone[] {
  return [...(LETTERS[region] ?? "abc")].map((letter, at) => ({
    name: `${region}${letter}`,
    id: `${shortRegion(region)}-az${at + 1}`,
  }));
}

/** `eu-west-1` as AWS shortens it in zone ids: `euw1`. */
function shortRegion(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  const short = direction
    .replace("north", "n")
    .replace("south", "s")
    .replace("east", "e")
    .replace("west", "w")
    .replace("central", "c");
  return `${area}${short}${number}`;
}
