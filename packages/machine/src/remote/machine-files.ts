import { createHash } from "node:crypto";
import { GroundplaneError } from "@groundplane/contracts";
import type { SetupFile } from "../provider/setup-inputs.ts";
import type { SshSession } from "../ssh/ssh-session.ts";
import { commandLine, PROGRAM_FAILED } from "./remote-program.ts";

/**
 * Where a machine keeps, for root only, what its files were before. One folder for each resource: `begun` says that
 * it was set up, `files/<hash of the path>` holds `path`, `before` (absent where there was nothing), `made` (the folders
 * that were made for it) and `done`, which comes last. `own` is the folder of the scripts.
 */
const STATE = "/var/lib/groundplane";

const STATE_OF = `
umask 077
state=${STATE}/$1
[ ! -L ${STATE} ] || fail "${STATE} is a link: take it away"
`;

const BEGIN = `${STATE_OF}
mkdir -p "$state/files" "$state/own" && : >"$state/begun" && sync "$state" || fail "${STATE} cannot be written"
`;

/** Functions that put one file back, and that take away the folders that were made for files. */
const PUT_BACK = `
put_back() {
  if [ -e "$1/done" ]; then
    path=$(cat "$1/path")
    if [ -e "$1/before" ] || [ -L "$1/before" ]; then
      folder=$(dirname -- "$path")
      temporary=$folder/.$(basename -- "$path").$id
      (umask 022; mkdir -p -- "$folder") && rm -f -- "$temporary" && cp -a -- "$1/before" "$temporary" &&
        mv -fT -- "$temporary" "$path" && sync "$folder" || fail "$path cannot be put back as it was"
    else
      rm -f -- "$path" || fail "$path cannot be removed"
    fi
    cat "$1/made" >>"$state/made"
  fi
  rm -rf -- "$1"
}
remove_made() {
  [ -e "$state/made" ] || return 0
  sort -ru "$state/made" >"$state/made.sorted"
  : >"$state/made.left"
  while IFS= read -r folder; do
    [ -d "$folder" ] || continue
    rmdir -- "$folder" 2>/dev/null || printf '%s\\n' "$folder" >>"$state/made.left"
  done <"$state/made.sorted"
  mv -f "$state/made.left" "$state/made"
  rm -f "$state/made.sorted"
}
`;

/** Arguments: id, key of the path, path, mode, owner, group, length. */
const WRITE = `${STATE_OF}
id=$1 kept=$state/files/$2 path=$3
folder=$(dirname -- "$path")
temporary=$folder/.$(basename -- "$path").$id
for other in ${STATE}/*/files/"$2"; do
  [ "$other" = "$kept" ] || [ ! -e "$other/done" ] || fail "$path is of another resource, whose notes are in $other: give it to one of the two"
done
[ ! -d "$path" ] || [ -L "$path" ] || fail "$path is a folder"
if [ ! -e "$kept/done" ]; then
  rm -rf -- "$kept"
  mkdir -p "$kept" || fail "${STATE} cannot be written"
  printf '%s' "$path" >"$kept/path"
  if [ -e "$path" ] || [ -L "$path" ]; then cp -a -- "$path" "$kept/before" || fail "$path cannot be kept"; fi
  : >"$kept/made"
  above=$folder
  while [ ! -e "$above" ]; do
    printf '%s\\n' "$above" >>"$kept/made"
    above=$(dirname -- "$above")
  done
  sync "$kept/path" "$kept/made" && : >"$kept/done" && sync "$kept" || fail "${STATE} cannot be written"
fi
(umask 022; mkdir -p -- "$folder") || fail "$folder cannot be made"
rm -f -- "$temporary"
set -C
head -c "$7" >"$temporary" || fail "$path cannot be written"
[ "$(wc -c <"$temporary")" -eq "$7" ] || { rm -f -- "$temporary"; fail "$path did not come whole"; }
chown -h -- "$5:$6" "$temporary" && chmod -- "$4" "$temporary" || { rm -f -- "$temporary"; fail "$path cannot be given to $5:$6"; }
if [ -f "$path" ] && [ ! -L "$path" ] && cmp -s -- "$temporary" "$path" &&
  [ "$(stat -c '%a %u %g' -- "$temporary")" = "$(stat -c '%a %u %g' -- "$path")" ]; then
  rm -f -- "$temporary"
  exit 0
fi
sync "$temporary" && mv -fT -- "$temporary" "$path" && sync "$folder" || { rm -f -- "$temporary"; fail "$path cannot be written"; }
`;

/** Arguments: id, keys that stay. */
const RETIRE = `${STATE_OF}${PUT_BACK}
id=$1
shift
for kept in "$state"/files/*; do
  [ -e "$kept" ] || continue
  for key in "$@"; do [ "$key" != "\${kept##*/}" ] || continue 2; done
  put_back "$kept"
done
remove_made
`;

/** Arguments: id. */
const FORGET = `${STATE_OF}
rm -rf -- "$state"
rmdir ${STATE} 2>/dev/null || :
`;

/** Arguments: id, paths. One line for each path: its hash, mode, owner and group, or why it has none. */
const LOOK = `${STATE_OF}
[ -e "$state/begun" ] || { echo none; exit 0; }
echo begun
shift
for path in "$@"; do
  if [ -L "$path" ]; then echo link
  elif [ -f "$path" ]; then echo "$(sha256sum <"$path" | cut -c 1-64) $(stat -c '%04a %U %G %u %g' -- "$path")"
  elif [ -e "$path" ]; then echo other
  else echo missing
  fi
done
`;

const STEP_MS = 120_000;

export interface SeenFile {
  /** In hexadecimal; or what is there instead: "missing", "link", "other". */
  readonly hash: string;
  readonly mode: string;
  /** Name and number. */
  readonly owner: readonly string[];
  readonly group: readonly string[];
}

/** The files of one resource on one machine, and what was there before them. */
export class MachineFiles {
  readonly #session: SshSession;
  readonly #id: string;
  readonly #root: "sudo" | "as-is";
  readonly #signal: AbortSignal | undefined;

  constructor(session: SshSession, id: string, root: "sudo" | "as-is", signal?: AbortSignal) {
    this.#session = session;
    this.#id = id;
    this.#root = root;
    this.#signal = signal;
  }

  /** Where the resource's scripts may keep what they found. */
  get ownFolder(): string {
    return `${STATE}/${this.#id}/own`;
  }

  async begin(): Promise<void> {
    await this.#run(BEGIN, []);
  }

  async write({ path, content, mode, owner, group }: SetupFile): Promise<void> {
    const input = Buffer.from(content);
    await this.#run(WRITE, [keyOf(path), path, mode, owner, group, input.length], input);
  }

  /** Puts back what was there before each file, but for those of these paths. */
  async retire(staying: readonly string[]): Promise<void> {
    await this.#run(RETIRE, staying.map(keyOf));
  }

  /** The last step of a delete. */
  async forget(): Promise<void> {
    await this.#run(FORGET, []);
  }

  /** What is there, by path; undefined where this machine was never set up, or is not any more. */
  async look(paths: readonly string[]): Promise<ReadonlyMap<string, SeenFile> | undefined> {
    const [first, ...lines] = (await this.#run(LOOK, paths)).trimEnd().split("\n");
    if (first !== "begun") return undefined;
    return new Map(
      paths.map((path, at) => {
        const [hash = "", mode = "", owner = "", group = "", uid = "", gid = ""] = (lines[at] ?? "").split(
          " ",
        );
        return [path, { hash, mode, owner: [owner, uid], group: [group, gid] }];
      }),
    );
  }

  async #run(program: string, args: readonly (string | number)[], input?: Buffer): Promise<string> {
    const { code, stdout, stderr } = await this.#session.exec(
      commandLine(program, [this.#id, ...args], this.#root),
      { ...(input === undefined ? {} : { input }), deadlineMs: STEP_MS, signal: this.#signal },
    );
    if (code === 0) return stdout.toString();
    const said = stderr.toString().trim().split("\n").slice(-5).join("\n");
    const own = said.split("\n").find((line) => line.startsWith(PROGRAM_FAILED));
    const detail = said.split("\n").filter((line) => line !== own);
    const reason = [own?.slice(PROGRAM_FAILED.length), ...detail].filter(
      (part) => part !== undefined && part !== "",
    );
    throw new GroundplaneError(
      "MACHINE_SETUP_FAILED",
      reason.length === 0 ? `a step ended with exit code ${code}` : reason.join(": "),
    );
  }
}

function keyOf(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 32);
}

export function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
