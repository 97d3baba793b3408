import { invalidArgument } from "@groundplane/contracts";
import { installPackages, REMOVE_PACKAGES } from "../machine-script/packages.ts";
import { type UfwRule, ufwArguments } from "./ufw-rule.ts";

/** The three scripts of a `MachineSetup`. */
export interface MachineScripts {
  readonly setup: string;
  readonly reset: string;
  readonly check: string;
}

export interface FirewallOptions {
  /**
   * The port of SSH, by which the machine is set up: a rule must let it in, or nobody comes in any more.
   *
   * @default 22
   */
  readonly sshPort?: number;
  /**
   * What the machine passes on for others, such as a bridge's guests, is let through as without a firewall; else it is not
   * passed on.
   *
   * @default false
   */
  readonly forwarding?: boolean;
}

/**
 * Shell that turns a machine's firewall on: nothing comes in but by these rules, everything goes out. Rules that others
 * made stay; so does what was there, for `reset`.
 *
 * @throws {INVALID_ARGUMENT} a rule is not valid, is there twice, or none lets SSH in
 */
export function firewallScripts(rules: readonly UfwRule[], options: FirewallOptions = {}): MachineScripts {
  const { sshPort = 22, forwarding = false } = options;
  const lines = rules.map(ufwArguments);
  const twice = lines.find((line, at) => lines.indexOf(line) !== at);
  if (twice !== undefined)
    throw invalidArgument(`the firewall rule "${twice}" is there twice; give it once`, { rule: twice });
  const admitting = rules.filter((rule) => letsIn(rule, sshPort));
  if (admitting.length === 0)
    throw invalidArgument(
      `no firewall rule lets SSH in, on port ${sshPort}: nobody could reach the machine any more; give one for the network of your workstations and of whoever deploys`,
      { sshPort },
    );
  return {
    setup: setupScript(lines, admitting, forwarding),
    reset: RESET,
    check: checkScript(lines, forwarding),
  };
}

function letsIn(
  { action = "allow", direction = "in", protocol = "tcp", port }: UfwRule,
  wanted: number,
): boolean {
  const [first, last] = typeof port === "object" ? [port.first, port.last] : [port ?? 1, port ?? 65_535];
  const opens = action === "allow" || action === "limit";
  return opens && direction === "in" && protocol === "tcp" && first <= wanted && wanted <= last;
}

/** Each line as it is; nothing in it is special to a here-document with a quoted end. */
function listed(lines: readonly string[]): string {
  return `cat >"$own/rules.new" <<'END_OF_RULES'\n${lines.join("\n")}\nEND_OF_RULES`;
}

/**
 * Whoever sets it up must come in again; and each of two setups would take the other's rules for nobody's when it goes.
 * IPv6 is not looked into.
 */
function refusals(admitting: readonly UfwRule[]): string {
  const sources = admitting.map(({ from = "0.0.0.0/0" }) => from).join(" ");
  return `for other in "\${own%/*/*}"/*/own/kept; do
  [ ! -e "$other" ] || [ "$other" = "$own/kept" ] || {
    echo "another setup looks after the firewall here: $other; take one of the two away first" >&2
    exit 1
  }
done
admits() {
  awk -v peer="$1" -v from="$2" '
    function number(text, part) { split(text, part, "."); return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4] }
    BEGIN { n = split(from, net, "/"); size = 2 ^ (32 - (n > 1 ? net[2] : 32)); exit int(number(peer) / size) != int(number(net[1]) / size) }'
}
case \${GROUNDPLANE_PEER:-} in
  "" | *:*) ;;
  *)
    admitted=
    # shellcheck disable=SC2043 # often one
    for from in ${sources}; do
      case $from in *:*) ;; *) if admits "$GROUNDPLANE_PEER" "$from"; then admitted=1; fi ;; esac
    done
    [ -n "$admitted" ] || {
      echo "this connection comes from $GROUNDPLANE_PEER, and no rule lets SSH in from there: nobody could go on after this; add its network" >&2
      exit 1
    }
    ;;
esac`;
}

function setupScript(lines: readonly string[], admitting: readonly UfwRule[], forwarding: boolean): string {
  return `set -eu
own=$GROUNDPLANE_STATE
${refusals(admitting)}
if [ ! -e "$own/kept" ]; then
  rm -rf "$own/before"
  mkdir "$own/before"
  if command -v ufw >/dev/null; then
    cp -a /etc/ufw/user.rules /etc/ufw/user6.rules /etc/ufw/ufw.conf /etc/default/ufw "$own/before/"
    if ufw status | grep -q '^Status: active'; then : >"$own/before/active"; fi
  else
    : >"$own/before/absent"
  fi
  : >"$own/kept"
fi
${installPackages(["ufw"])}
${listed(lines)}
touch "$own/rules"
# New rules come before old ones go: a connection that both allow is never refused.
while IFS= read -r rule; do
  grep -Fxq -- "$rule" "$own/rules" || printf '%s\\n' "$rule" >>"$own/rules"
  eval "ufw $rule" </dev/null
done <"$own/rules.new"
cp "$own/rules" "$own/rules.old"
while IFS= read -r rule; do
  grep -Fxq -- "$rule" "$own/rules.new" || eval "ufw --force delete \${rule%% comment *}" </dev/null
done <"$own/rules.old"
mv "$own/rules.new" "$own/rules"
rm -f "$own/rules.old"
ufw default deny incoming
ufw default allow outgoing
${forwarding ? "ufw default allow routed\n" : ""}ufw --force enable
`;
}

/** A firewall that was there before has its own rules again, whatever others have added since through ufw. */
const RESET = `set -eu
own=$GROUNDPLANE_STATE
[ -e "$own/kept" ] || exit 0
if [ -e "$own/before/absent" ]; then
  if command -v ufw >/dev/null; then
    ufw --force disable
    ${"# What the package does not take along."}
    ufw --force reset >/dev/null
    rm -f /etc/ufw/*.rules.[0-9]*
  fi
else
  for file in user.rules user6.rules ufw.conf; do cp -a "$own/before/$file" "/etc/ufw/$file"; done
  cp -a "$own/before/ufw" /etc/default/ufw
  if [ -e "$own/before/active" ]; then ufw reload; else ufw --force disable; fi
fi
${REMOVE_PACKAGES}
rm -rf "$own/before" "$own/kept" "$own/rules" "$own/rules.new" "$own/rules.old"
`;

/** What ufw says of it depends on the kernel's own switch. */
const FORWARDING_CHECK = `grep -q '^DEFAULT_FORWARD_POLICY="ACCEPT"' /etc/default/ufw || { echo 'the firewall keeps from guests what comes over the bridge'; problem=1; }
`;

function checkScript(lines: readonly string[], forwarding: boolean): string {
  return `set -eu
status=$(ufw status verbose)
problem=0
wants() { printf '%s\\n' "$status" | grep -q -- "$1" || { echo "$2"; problem=1; }; }
wants '^Status: active' 'the firewall is off'
wants '^Default: deny (incoming), allow (outgoing)' 'the firewall lets in what no rule names'
${forwarding ? FORWARDING_CHECK : ""}added=$(ufw show added)
while IFS= read -r rule; do
  printf '%s\\n' "$added" | grep -Fxq -- "ufw $rule" || { echo "no firewall rule: $rule"; problem=1; }
done <<'END_OF_RULES'
${lines.join("\n")}
END_OF_RULES
exit "$problem"
`;
}
