import { invalidArgument } from "@groundplane/contracts";

/** A file from the network that is the same wherever and whenever it is fetched. */
export interface PinnedDownload {
  /** Such as `22.21.1`: letters, digits, dots, dashes and underscores. */
  readonly version: string;
  /** Of the file, in hexadecimal: its publisher's list of checksums has it. */
  readonly sha256: string;
  /** A mirror's address of the same file, or `file:///…` for one that is on the machine. @format https or file @default - the publisher's */
  readonly url?: string;
}

/**
 * Checks a download.
 *
 * @throws {INVALID_ARGUMENT} its version, checksum or address is none
 */
export function checkDownload(what: string, { version, sha256, url }: PinnedDownload): void {
  if (!/^[0-9A-Za-z][0-9A-Za-z._-]{0,40}$/.test(version))
    throw invalidArgument(`the version of ${what} is "${version}"; give an exact one, such as 1.2.3`, {
      version,
    });
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw invalidArgument(
      `the checksum of ${what} is "${sha256}"; give its SHA-256 in 64 hexadecimal digits`,
      {
        sha256,
      },
    );
  if (url !== undefined && !/^(https:\/\/[A-Za-z0-9.:-]+|file:\/\/)\/[A-Za-z0-9._~%!()*+,;=:@/-]*$/.test(url))
    throw invalidArgument(
      `the address of ${what} is "${url}"; give one that begins with https:// or file:///`,
      { url },
    );
}

/** A shell function that fetches a file, goes on where an earlier attempt stopped, and compares it before anybody uses it. */
export const FETCH = `
# fetch <url> <sha256> <file>
fetch() {
  mkdir -p "$GROUNDPLANE_STATE/downloads"
  part=$GROUNDPLANE_STATE/downloads/$2
  set -- "$@" --fail --silent --show-error --location --proto '=https,file' --tlsv1.2 --retry 3
  url=$1 wanted=$2 file=$3
  shift 3
  curl "$@" --continue-at - --output "$part" "$url" || {
    # A server that cannot go on, or a file that was whole already.
    rm -f "$part"
    curl "$@" --output "$part" "$url"
  }
  echo "$wanted  $part" | sha256sum --check --status || {
    rm -f "$part"
    echo "what $url gave has another SHA-256 than $wanted" >&2
    exit 1
  }
  mv -f "$part" "$file"
}
`;
