import { checkOneOf, invalidArgument } from "@groundplane/contracts";
import type { MachineScripts } from "../firewall/firewall-script.ts";
import { LINKS } from "../machine-script/linked-program.ts";
import { registryOption } from "../machine-script/npm-registry.ts";
import { installPackageFile, installPackages, REMOVE_PACKAGES } from "../machine-script/packages.ts";
import { checkDownload, FETCH, type PinnedDownload } from "../machine-script/pinned-download.ts";

/** Where a tool comes from, and how it is unpacked. `{v}` is the version. */
interface Tool {
  readonly url: string;
  /** `tar` and `zip` are unpacked into a folder of the tool's, `deb` is installed. */
  readonly form: "tar" | "zip" | "deb";
  /** Folders at the beginning of an archive's paths that are left out. */
  readonly strip: number;
  /** Shell that runs in the unpacked folder, with `$folder` the place where the tool stays. */
  readonly install?: string;
  /** Programs that everybody finds, by their path in the tool's folder. */
  readonly programs: readonly string[];
}

/** Names of what `tools` of a `DevelopmentProfile` takes. */
export const DEVELOPMENT_TOOLS = [
  "python",
  "go",
  "rust",
  "dart",
  "aws-cli",
  "gh",
  "neovim",
  "starship",
  "vscode",
] as const;

export type DevelopmentTool = (typeof DEVELOPMENT_TOOLS)[number];

/** As their publishers give them for Linux on x64. */
const TOOLS = {
  python: {
    url: "https://github.com/astral-sh/python-build-standalone/releases/download/{tag}/cpython-{v}+{tag}-x86_64-unknown-linux-gnu-install_only.tar.gz",
    ...{ form: "tar", strip: 1, programs: ["bin/python3.12", "bin/pip3.12"] },
  },
  go: {
    url: "https://go.dev/dl/go{v}.linux-amd64.tar.gz",
    ...{ form: "tar", strip: 1, programs: ["bin/go", "bin/gofmt"] },
  },
  rust: {
    url: "https://static.rust-lang.org/dist/rust-{v}-x86_64-unknown-linux-gnu.tar.xz",
    ...{
      form: "tar",
      strip: 1,
      install: './install.sh --prefix="$folder/rust" --without=rust-docs',
      programs: ["rust/bin/rustc", "rust/bin/cargo"],
    },
  },
  dart: {
    url: "https://storage.googleapis.com/dart-archive/channels/stable/release/{v}/sdk/dartsdk-linux-x64-release.zip",
    ...{ form: "zip", strip: 0, programs: ["dart-sdk/bin/dart"] },
  },
  "aws-cli": {
    url: "https://awscli.amazonaws.com/awscli-exe-linux-x86_64-{v}.zip",
    ...{
      form: "zip",
      strip: 0,
      install: './aws/install --install-dir "$folder/cli" --bin-dir "$folder/bin"',
      programs: ["bin/aws"],
    },
  },
  gh: {
    url: "https://github.com/cli/cli/releases/download/v{v}/gh_{v}_linux_amd64.tar.gz",
    ...{ form: "tar", strip: 1, programs: ["bin/gh"] },
  },
  neovim: {
    url: "https://github.com/neovim/neovim/releases/download/v{v}/nvim-linux-x86_64.tar.gz",
    ...{ form: "tar", strip: 1, programs: ["bin/nvim"] },
  },
  starship: {
    url: "https://github.com/starship/starship/releases/download/v{v}/starship-x86_64-unknown-linux-gnu.tar.gz",
    ...{ form: "tar", strip: 0, programs: ["starship"] },
  },
  vscode: {
    url: "https://update.code.visualstudio.com/{v}/linux-deb-x64/stable",
    ...{ form: "deb", strip: 0, programs: [] },
  },
} as const satisfies Record<DevelopmentTool, Tool>;

export interface DevelopmentProfile {
  /** Compilers and headers for C and C++, from the distribution. @default true */
  readonly c?: boolean;
  /**
   * Each in exactly one version. Python's version is 3.12 with its patch and, after a plus sign, the day of the build:
   * `3.12.12+20251014`.
   *
   * @default {}
   */
  readonly tools?: Readonly<Partial<Record<DevelopmentTool, PinnedDownload>>>;
  /** AWS CDK, the package `aws-cdk` of npm in exactly this version. @default - none */
  readonly cdkVersion?: string;
}

const C_PACKAGES = ["build-essential", "clang", "cmake", "gdb", "pkg-config"];

/**
 * Shell that installs languages and tools below `/opt/groundplane/development`, each compared with its checksum.
 *
 * @throws {INVALID_ARGUMENT} a tool is not known, or not pinned
 */
export function developmentScripts(
  user: string,
  profile: DevelopmentProfile,
  npmRegistry?: string,
): MachineScripts {
  const tools = Object.entries(profile.tools ?? {}).map(([name, download]) => planTool(name, download));
  const { cdkVersion, c = true } = profile;
  if (cdkVersion !== undefined && !/^\d+\.\d+\.\d+$/.test(cdkVersion))
    throw invalidArgument(`cdkVersion is "${cdkVersion}"; give an exact one, such as 2.1.0`, { cdkVersion });
  const root = "/opt/groundplane/development";
  const wanted = [
    ...tools.map(({ folder }) => folder),
    ...(cdkVersion === undefined ? [] : [`cdk-${cdkVersion}`]),
  ];
  const unpackers = tools.some(({ tool }) => tool.form === "zip") ? ["unzip"] : [];
  const setup = `set -eu
${installPackages(["curl", "ca-certificates", "xz-utils", ...unpackers, ...(c ? C_PACKAGES : [])])}
${FETCH}${LINKS}
root=${root}
mkdir -p "$root"
${tools.map(toolScript).join("")}${cdkVersion === undefined ? "" : cdkScript(cdkVersion, npmRegistry)}
wanted=" ${wanted.join(" ")} "
for folder in "$root"/*; do
  case "$wanted" in *" \${folder##*/} "*) ;; *) rm -rf "$folder" ;; esac
done
${profile.tools?.starship === undefined ? "" : starshipPrompt(user)}`;
  const reset = `set -eu
${LINKS}
unlink_all
rm -rf ${root}
rmdir /opt/groundplane 2>/dev/null || true
rm -f /etc/profile.d/groundplane-starship.sh
${REMOVE_PACKAGES}
rm -rf "$GROUNDPLANE_STATE/downloads"
`;
  const check = `set -eu
${wanted.map((folder) => `[ -e ${root}/${folder}/done ] || { echo "${folder} is missing"; exit 1; }\n`).join("")}`;
  return { setup, reset, check };
}

interface PlannedTool {
  readonly name: string;
  readonly tool: Tool;
  readonly folder: string;
  readonly url: string;
  readonly sha256: string;
}

function isTool(name: string): name is DevelopmentTool {
  return Object.hasOwn(TOOLS, name);
}

function planTool(name: string, download: PinnedDownload): PlannedTool {
  if (!isTool(name)) {
    checkOneOf<string>("tools", name, DEVELOPMENT_TOOLS);
    throw invalidArgument(`"${name}" is no tool`, { name });
  }
  const [version = "", tag = ""] = download.version.split("+");
  checkDownload(name, { ...download, version });
  if (name === "python" && (!/^3\.12\.\d+$/.test(version) || !/^\d{8}$/.test(tag)))
    throw invalidArgument(
      `the version of python is "${download.version}"; give one such as 3.12.12+20251014`,
      {
        version: download.version,
      },
    );
  const tool: Tool = TOOLS[name];
  const url = download.url ?? tool.url.replaceAll("{v}", version).replaceAll("{tag}", tag);
  return { name, tool, folder: `${name}-${version}`, url, sha256: download.sha256 };
}

function toolScript({ name, tool, folder, url, sha256 }: PlannedTool): string {
  const unpack = {
    tar: `tar -xf "$file" -C "$folder.new" --strip-components=${tool.strip} --no-same-owner`,
    zip: 'unzip -q "$file" -d "$folder.new"',
    deb: installPackageFile('"$file"'),
  }[tool.form];
  return `
folder=$root/${folder}
if [ "$(cat "$folder/done" 2>/dev/null || true)" != ${sha256} ]; then
  file=$GROUNDPLANE_STATE/${name}.${tool.form}
  fetch '${url}' ${sha256} "$file"
  rm -rf "$folder" "$folder.new"
  mkdir "$folder.new"
  ${unpack}
  rm -f "$file"
  mv -T "$folder.new" "$folder"
${tool.install === undefined ? "" : `  (cd "$folder" && ${tool.install})\n`}  echo ${sha256} >"$folder/done"
fi
${tool.programs.map((program) => `link "$folder/${program}" ${program.slice(program.lastIndexOf("/") + 1)}\n`).join("")}`;
}

function cdkScript(version: string, npmRegistry: string | undefined): string {
  return `
folder=$root/cdk-${version}
if [ ! -e "$folder/done" ]; then
  rm -rf "$folder"
  npm install --global --prefix "$folder" --no-audit --no-fund ${registryOption(npmRegistry)}--cache "$GROUNDPLANE_STATE/npm" aws-cdk@${version}
  rm -rf "$GROUNDPLANE_STATE/npm"
  : >"$folder/done"
fi
link "$folder/bin/cdk" cdk
`;
}

/** For everybody who logs in with bash, and for no script. */
function starshipPrompt(user: string): string {
  return `cat >/etc/profile.d/groundplane-starship.sh <<'END_OF_PROFILE'
if [ -n "\${BASH_VERSION:-}" ] && [ "$(id -un)" = ${user} ]; then eval "$(starship init bash)"; fi
END_OF_PROFILE
`;
}
