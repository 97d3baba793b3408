import { shellQuote } from "@groundplane/contracts";

export interface FetchPlan {
  readonly url: string;
  readonly sha256: string;
  readonly volumeName: string;
  /** Name in libvirt. */
  readonly poolName: string;
}

function variables({ url, sha256, volumeName, poolName }: FetchPlan): string {
  return `url=${shellQuote(url)}
sha256=${shellQuote(sha256)}
volume=${shellQuote(volumeName)}
pool=${shellQuote(poolName)}
fail() { echo "$1" >&2; exit 1; }
for tool in virsh curl sha256sum flock; do
  command -v "$tool" >/dev/null || fail "this host has no $tool; install libvirt-clients, curl, coreutils and util-linux"
done
folder=$(virsh -q -c qemu:///system pool-dumpxml "$pool" | sed -n 's:.*<path>\\(.*\\)</path>.*:\\1:p' | head -n 1)
[ -d "$folder" ] || fail "the pool $pool has no folder on this host; make or start it (virsh pool-start $pool)"
target=$folder/$volume`;
}

/**
 * Brings an image into a pool, by the host itself: once, going on where a broken transfer ended, and under its name only
 * when its SHA-256 is right. It may run again at any time, and twice at once.
 */
export function fetchScript(plan: FetchPlan): string {
  return `set -eu
${variables(plan)}
part=$folder/.$volume.part
# Two fetches of one image take turns; the second finds it there.
exec 9>"$part.lock"
flock 9
has_hash() { [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$sha256" ]; }
if [ -e "$target" ]; then
  has_hash "$target" || fail "$target is there with another content than its name says; clones may stand on it, so it is left: look who wrote it, and move it away"
else
  # A part that is whole is not asked for again: servers answer that with an error.
  if ! { [ -e "$part" ] && has_hash "$part"; }; then
    curl --fail --silent --show-error --location --proto '=https,http' --retry 5 --retry-delay 2 --retry-connrefused \\
      --connect-timeout 30 --speed-limit 1024 --speed-time 60 --continue-at - --output "$part" "$url" ||
      fail "$url could not be fetched (curl's exit code $?); what came is kept, and the next run goes on from there"
    if ! has_hash "$part"; then
      got=$(sha256sum "$part" | cut -d ' ' -f 1)
      rm -f "$part"
      fail "$url has the SHA-256 $got, and not $sha256: give the hash of the image that is meant, or look who changed it"
    fi
  fi
  chmod 0644 "$part"
  sync "$part"
  mv "$part" "$target"
fi
rm -f "$part.lock"
virsh -q -c qemu:///system pool-refresh "$pool" >/dev/null
`;
}

/** Exit code 0 when the image is in the pool. Its content is not read again: that would take minutes on each refresh. */
export function fetchedScript(plan: FetchPlan): string {
  return `set -eu
${variables(plan)}
[ -e "$target" ] || fail "$volume is no longer in the pool $pool"
`;
}
