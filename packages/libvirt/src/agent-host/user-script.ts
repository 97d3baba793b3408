import { invalidArgument } from "@groundplane/contracts";
import type { MachineScripts } from "../firewall/firewall-script.ts";

/** Of OpenSSH, those that are still taken by default (sshd_config(5), PubkeyAcceptedAlgorithms). */
const KEY =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]{60,}={0,2}$/;

/** The admins' keys as lines of `authorized_keys`, each with the admin's name. */
function keyLines(admins: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(admins).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0)
    throw invalidArgument("admins is empty: nobody could log in; give at least one admin's public key");
  const lines = entries.map(([name, key]) => {
    const [type = "", blob = ""] = key.trim().split(/\s+/);
    if (!/^[a-z][a-z0-9.-]{0,31}$/.test(name))
      throw invalidArgument(
        `"${name}" cannot name an admin: use lower-case letters, digits, dots and dashes`,
        { name },
      );
    if (!KEY.test(`${type} ${blob}`))
      throw invalidArgument(`the key of ${name} is no public key; give the line of its .pub file`, { name });
    return `${type} ${blob} ${name}`;
  });
  const blobs = lines.map((line) => line.split(" ")[1] ?? "");
  const twice = lines.find((_, at) => blobs.indexOf(blobs[at] ?? "") !== at);
  if (twice !== undefined)
    throw invalidArgument(
      `two admins have the same key, ${twice.split(" ")[2]} is one: each needs their own`,
    );
  return lines;
}

export function checkUser(user: string): void {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(user) || user === "root")
    throw invalidArgument(`"${user}" cannot be the agent's user: use lower-case letters, digits and dashes`, {
      user,
    });
}

const MARK = "# of groundplane:";

/** Without what lies between our marks: others' keys stay. */
const OTHERS = `sed '/^${MARK} begin$/,/^${MARK} end$/d'`;

/**
 * Shell that makes a user who logs in with these keys only, and may use sudo without a password. A user who is there
 * already keeps what is theirs, and outlives the reset.
 *
 * @throws {INVALID_ARGUMENT} the user's name or a key is not valid
 */
export function userScripts(user: string, admins: Readonly<Record<string, string>>): MachineScripts {
  checkUser(user);
  const lines = keyLines(admins);
  return { setup: setupScript(user, lines), reset: resetScript(user), check: checkScript(user, lines) };
}

/** A shell function that removes a user with the home. */
const REMOVE_USER = `remove_user() {
  home=$(getent passwd "$1" | cut -d : -f 6)
  [ -n "$home" ] || return 0
  # Its sessions end here: userdel refuses a user who has processes.
  pkill -KILL -u "$1" || true
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    pgrep -u "$1" >/dev/null || break
    sleep 0.5
  done
  userdel --remove "$1" 2>/dev/null || userdel "$1"
  rm -rf "$home"
}
`;

function setupScript(user: string, lines: readonly string[]): string {
  return `set -eu
touch "$GROUNDPLANE_STATE/users-made"
# Another user before this one keeps the home, which may hold what nobody else has, and does not log in any more.
while IFS= read -r old; do
  id "$old" >/dev/null 2>&1 || continue
  if [ "$old" = ${user} ]; then
    usermod --expiredate '' "$old"
  else
    pkill -KILL -u "$old" || true
    usermod --expiredate 1 "$old"
    rm -f "$(getent passwd "$old" | cut -d : -f 6)/.ssh/authorized_keys"
  fi
done <"$GROUNDPLANE_STATE/users-made"
if ! id ${user} >/dev/null 2>&1; then
  # Before the user: a setup that is ended between the two knows whose the user is.
  echo ${user} >>"$GROUNDPLANE_STATE/users-made"
  useradd --create-home --shell /bin/bash --user-group ${user}
fi
home=$(getent passwd ${user} | cut -d : -f 6)
group=$(id -gn ${user})
visudo -cqf /etc/sudoers.d/90-groundplane-${user}
[ -d "$home/.ssh" ] || { : >"$GROUNDPLANE_STATE/ssh-made"; install -d -m 0700 -o ${user} -g "$group" "$home/.ssh"; }
keys=$home/.ssh/authorized_keys
[ -e "$keys" ] || { : >"$GROUNDPLANE_STATE/keys-made"; : >"$keys"; }
{
  ${OTHERS} "$keys"
  cat <<'END_OF_KEYS'
${MARK} begin
${lines.join("\n")}
${MARK} end
END_OF_KEYS
} >"$keys.new"
chown ${user}:"$group" "$keys.new"
chmod 0600 "$keys.new"
mv -f "$keys.new" "$keys"
`;
}

function resetScript(user: string): string {
  return `set -eu
${REMOVE_USER}
if [ -e "$GROUNDPLANE_STATE/users-made" ]; then
  while IFS= read -r made; do remove_user "$made"; done <"$GROUNDPLANE_STATE/users-made"
fi
id ${user} >/dev/null 2>&1 || exit 0
home=$(getent passwd ${user} | cut -d : -f 6)
keys=$home/.ssh/authorized_keys
if [ -e "$keys" ]; then
  ${OTHERS} "$keys" >"$keys.new"
  chown --reference="$keys" "$keys.new"
  chmod --reference="$keys" "$keys.new"
  mv -f "$keys.new" "$keys"
  if [ -e "$GROUNDPLANE_STATE/keys-made" ] && [ ! -s "$keys" ]; then rm -f "$keys"; fi
fi
if [ -e "$GROUNDPLANE_STATE/ssh-made" ]; then rmdir "$home/.ssh" 2>/dev/null || true; fi
`;
}

function checkScript(user: string, lines: readonly string[]): string {
  return `set -eu
id ${user} >/dev/null 2>&1 || { echo "there is no user ${user}"; exit 1; }
keys=$(getent passwd ${user} | cut -d : -f 6)/.ssh/authorized_keys
[ -e "$keys" ] || { echo "nobody's key is in $keys"; exit 1; }
wanted=$(cat <<'END_OF_KEYS'
${lines.join("\n")}
END_OF_KEYS
)
[ "$(sed -n '/^${MARK} begin$/,/^${MARK} end$/p' "$keys" | grep -v '^#')" = "$wanted" ] || {
  echo "the admins' keys in $keys are other ones"
  exit 1
}
[ "$(passwd -S ${user} | cut -d ' ' -f 2)" != P ] || { echo "${user} has a password"; exit 1; }
`;
}

/** The file that lets the user use sudo; `setup` checks it. */
export function sudoersFile(user: string): {
  readonly path: string;
  readonly content: string;
  readonly mode: string;
} {
  return {
    path: `/etc/sudoers.d/90-groundplane-${user}`,
    content: `${user} ALL=(ALL:ALL) NOPASSWD: ALL\n`,
    mode: "0440",
  };
}
