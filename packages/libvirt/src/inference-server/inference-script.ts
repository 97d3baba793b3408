import { invalidArgument } from "@groundplane/contracts";
import type { MachineScripts } from "../firewall/firewall-script.ts";
import { HARDENED_SERVICE } from "../machine-script/hardened-service.ts";
import { LINKS } from "../machine-script/linked-program.ts";
import { installPackages, REMOVE_PACKAGES } from "../machine-script/packages.ts";
import { checkDownload, FETCH, type PinnedDownload } from "../machine-script/pinned-download.ts";
import { startUnit, stopUnit, unitRuns } from "../machine-script/systemd-unit.ts";

/** A model of Ollama's library, pinned to what it is today. */
export interface PinnedModel {
  /** With its tag: `llama3:70b-instruct-q4_K_M`. */
  readonly name: string;
  /** SHA-256 of its manifest in hexadecimal: `digest` of Ollama's `/api/tags`. */
  readonly digest: string;
}

export interface InferencePlan {
  readonly ollama: PinnedDownload;
  readonly models: readonly PinnedModel[];
  readonly address: string;
  readonly port: number;
  readonly gpus: number;
  readonly driverPackages: readonly string[];
}

const DATA = "/var/lib/ollama";
const UNIT = "ollama.service";

export function checkModels(models: readonly PinnedModel[]): void {
  for (const { name, digest } of models) {
    if (!/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)?:[A-Za-z0-9._-]+$/.test(name))
      throw invalidArgument(`"${name}" names no model; give it with its tag, such as llama3:8b`, { name });
    if (!/^[0-9a-f]{64}$/.test(digest))
      throw invalidArgument(`the digest of ${name} is "${digest}"; give 64 hexadecimal digits`, {
        name,
        digest,
      });
  }
  const names = models.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw invalidArgument(`the model ${twice} is there twice; give it once`, { name: twice });
}

/** With gzip until 0.13, with Zstandard from 0.14 on (release notes of 0.14.0). */
function publishedAt(version: string): string {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const form = major === 0 && minor < 14 ? "tgz" : "tar.zst";
  return `https://github.com/ollama/ollama/releases/download/v${version}/ollama-linux-amd64.${form}`;
}

/** Where Ollama keeps what says what a model is. */
function manifest(name: string): string {
  const [path = "", tag = ""] = name.split(":");
  return `${DATA}/models/manifests/registry.ollama.ai/${path.includes("/") ? path : `library/${path}`}/${tag}`;
}

/**
 * Shell that installs Ollama, keeps it running, and has exactly these models in it.
 *
 * @throws {INVALID_ARGUMENT} Ollama or a model is not pinned
 */
export function inferenceScripts(plan: InferencePlan): MachineScripts {
  const { ollama, models, gpus, driverPackages } = plan;
  checkDownload("Ollama", ollama);
  checkModels(models);
  const folder = `/opt/ollama/${ollama.version}`;
  const url = ollama.url ?? publishedAt(ollama.version);
  const unpackers = url.endsWith(".zst") ? ["zstd"] : [];
  const host = `OLLAMA_HOST=${plan.address}:${plan.port}`;
  const setup = `set -eu
${installPackages(["ca-certificates", "curl", ...unpackers, ...driverPackages])}
${FETCH}${LINKS}
if ! id ollama >/dev/null 2>&1; then
  : >"$GROUNDPLANE_STATE/user-made"
  useradd --system --user-group --home-dir ${DATA} --shell /usr/sbin/nologin ollama
fi
for group in render video; do
  if getent group "$group" >/dev/null; then usermod --append --groups "$group" ollama; fi
done
[ -d ${DATA} ] || { : >"$GROUNDPLANE_STATE/data-made"; install -d -m 0750 -o ollama -g ollama ${DATA}; }
if [ ! -e "${folder}/done-${ollama.sha256}" ]; then
  mkdir -p /opt/ollama
  rm -rf "${folder}" "${folder}.new"
  mkdir "${folder}.new"
  fetch '${url}' ${ollama.sha256} "$GROUNDPLANE_STATE/ollama.tar"
  tar -xf "$GROUNDPLANE_STATE/ollama.tar" -C "${folder}.new" --no-same-owner
  rm -f "$GROUNDPLANE_STATE/ollama.tar"
  : >"${folder}.new/done-${ollama.sha256}"
  mv -T "${folder}.new" "${folder}"
fi
link "${folder}/bin/ollama" ollama
for other in /opt/ollama/*; do
  [ "$other" = "${folder}" ] || rm -rf "$other"
done
${startUnit(UNIT)}
${
  models.length === 0
    ? ""
    : `for _ in $(seq 60); do
  if ${host} ollama list >/dev/null 2>&1; then break; fi
  sleep 1
done
`
}${models.map((model) => pullScript(model, host)).join("")}
${removeOthers(models, host)}`;
  const reset = `set -eu
${LINKS}
${stopUnit(UNIT)}
unlink_all
rm -rf /opt/ollama
if [ -e "$GROUNDPLANE_STATE/data-made" ]; then rm -rf ${DATA}; fi
if [ -e "$GROUNDPLANE_STATE/user-made" ]; then userdel ollama 2>/dev/null || true; fi
${REMOVE_PACKAGES}
rm -rf "$GROUNDPLANE_STATE/downloads"
`;
  const check = `set -eu
[ "$(readlink /usr/local/bin/ollama)" = "${folder}/bin/ollama" ] || { echo "ollama is another version"; exit 1; }
${unitRuns(UNIT)}${gpus === 0 ? "" : gpuCheck(gpus)}${models.map(modelCheck).join("")}`;
  return { setup, reset, check };
}

/** A name means another model as soon as somebody publishes one: what came is compared before anybody asks it. */
function pullScript({ name, digest }: PinnedModel, host: string): string {
  return `
if [ "$(sha256sum <'${manifest(name)}' 2>/dev/null | cut -c 1-64)" != ${digest} ]; then
  ${host} ollama pull '${name}' >/dev/null
  grep -Fxqs '${name}' "$GROUNDPLANE_STATE/models" || echo '${name}' >>"$GROUNDPLANE_STATE/models"
  pulled=$(sha256sum <'${manifest(name)}' | cut -c 1-64)
  [ "$pulled" = ${digest} ] || {
    ${host} ollama rm '${name}' >/dev/null
    echo "${name} is now $pulled, and not ${digest}: see what changed, and pin the new digest"
    exit 1
  }
fi
`;
}

function removeOthers(models: readonly PinnedModel[], host: string): string {
  const names = models.map(({ name }) => ` ${name} `).join("");
  return `wanted="${names}"
if [ -e "$GROUNDPLANE_STATE/models" ]; then
  while IFS= read -r name; do
    case "$wanted" in *" $name "*) ;; *) ${host} ollama rm "$name" >/dev/null 2>&1 || true ;; esac
  done <"$GROUNDPLANE_STATE/models"
fi
`;
}

function modelCheck({ name, digest }: PinnedModel): string {
  return `[ "$(sha256sum <'${manifest(name)}' 2>/dev/null | cut -c 1-64)" = ${digest} ] || { echo "the model ${name} is missing or another one"; exit 1; }
`;
}

/** Display controllers (PCI class 03) of NVIDIA (10de) and AMD (1002): https://pci-ids.ucw.cz */
function gpuCheck(wanted: number): string {
  return `gpus=0
for device in /sys/bus/pci/devices/*; do
  case "$(cat "$device/class" 2>/dev/null) $(cat "$device/vendor" 2>/dev/null)" in
    "0x03"*" 0x10de" | "0x03"*" 0x1002") gpus=$((gpus + 1)) ;;
  esac
done
[ "$gpus" -ge ${wanted} ] || { echo "the machine sees $gpus GPUs, not ${wanted}: see the passthrough of its VM"; exit 1; }
`;
}

export function ollamaUnit(address: string, port: number): string {
  return `[Unit]
Description=Ollama
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
User=ollama
Group=ollama
WorkingDirectory=${DATA}
Environment=HOME=${DATA} OLLAMA_HOST=${address}:${port} OLLAMA_MODELS=${DATA}/models
ExecStart=/usr/local/bin/ollama serve
Restart=on-failure
RestartSec=5
${HARDENED_SERVICE}
ProtectHome=yes
ReadWritePaths=${DATA}

[Install]
WantedBy=multi-user.target
`;
}
