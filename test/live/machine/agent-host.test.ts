import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { AgentHost, type AgentHostArgs, type PinnedDownload } from "@groundplane/libvirt";
import { runOverSsh } from "@groundplane/machine";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey } from "../new-key.ts";
import { DebianMachine } from "./debian-machine.ts";
import { debianRoot } from "./debian-root.ts";
import { machineStack } from "./machine-stack.ts";

/** Of the agent's users on the machine. */
const homeOf = (user: string) => join("/home", user);
const [HOME, OTHER] = [homeOf("agent"), homeOf("worker")];
const CANARY = "canary-5up3r-53cret";
const root = await debianRoot();
if (typeof root === "string") test("an agent's machine", ({ skip }) => skip(root));

describe.skipIf(typeof root === "string")("an AgentHost on a real Debian, by the real engine", () => {
  let machine: DebianMachine;
  let stack: Stack;
  let args: AgentHostArgs;
  let admin = "";
  let before: ReturnType<DebianMachine["files"]>;
  let users = "";

  /** A stand-in for what the machine could not download: what is tested is how it comes and goes. */
  const download = (
    name: string,
    version: string,
    programs: Readonly<Record<string, string>>,
  ): PinnedDownload => {
    const seed = join(machine.folder, "seed", name);
    for (const [path, text] of Object.entries(programs)) {
      mkdirSync(dirname(join(seed, path)), { recursive: true });
      writeFileSync(join(seed, path), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    const archive = join(machine.root, "srv", `${name}.tar`);
    execFileSync("tar", ["-cf", archive, "-C", seed, ...readdirSync(seed)]);
    const sha256 = createHash("sha256").update(readFileSync(archive)).digest("hex");
    return { version, sha256, url: `file:///srv/${name}.tar` };
  };
  /** VS Code comes as a package: this one has a program and nothing else. */
  const codePackage = (): PinnedDownload => {
    const seed = join(machine.folder, "seed/code");
    mkdirSync(join(seed, "DEBIAN"), { recursive: true });
    mkdirSync(join(seed, "usr/bin"), { recursive: true });
    const control = [
      "Package: code",
      "Version: 1.105.1",
      "Architecture: all",
      "Maintainer: nobody",
      "Description: none",
    ];
    writeFileSync(join(seed, "DEBIAN/control"), `${control.join("\n")}\n`);
    writeFileSync(join(seed, "usr/bin/code"), "#!/bin/sh\necho code\n", { mode: 0o755 });
    const file = join(machine.root, "srv/code.deb");
    execFileSync("dpkg-deb", ["--root-owner-group", "--build", seed, file], { stdio: "ignore" });
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    return { version: "1.105.1", sha256, url: "file:///srv/code.deb" };
  };
  const NPM = `while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/bin"
for program in openclaw cdk; do
  printf '#!/bin/sh\\nexec sleep 1000\\n' >"$2/bin/$program"
  chmod 755 "$2/bin/$program"
done`;

  beforeAll(async () => {
    if (typeof root === "string") return;
    machine = await DebianMachine.start(root.archive, 7);
    const key = newKey(join(machine.folder, "admin"));
    admin = key.secret;
    args = {
      connection: machine.connection,
      admins: { jeff: key.open },
      network: `${machine.gateway}/32`,
      node: download("node", "22.21.1", { "node/bin/node": "echo v22.21.1", "node/bin/npm": NPM }),
      openclaw: { version: "2026.1.30" },
      secrets: { ANTHROPIC_API_KEY: CANARY },
      development: {
        c: false,
        cdkVersion: "2.1030.0",
        tools: {
          vscode: codePackage(),
          gh: download("gh", "2.81.0", { "gh/bin/gh": "echo gh" }),
          rust: download("rust", "1.90.0", {
            "rust/install.sh": `bin=\${1#--prefix=}/bin; mkdir -p "$bin" && cp rustc cargo "$bin"`,
            ...{ "rust/rustc": "echo rustc", "rust/cargo": "echo cargo" },
          }),
        },
      },
    };
    before = machine.files();
    users = (await machine.sh("getent passwd; getent group")).stdout;
    stack = await machineStack(machine, () => void new AgentHost("athena", args));
  });
  afterAll(async () => machine?.remove());

  const reached = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ host: machine.address, port, timeout: 1500 });
      const end = (answer: boolean) => {
        socket.destroy();
        resolve(answer);
      };
      socket.once("connect", () => end(true));
      for (const event of ["error", "timeout"]) socket.once(event, () => end(false));
    });

  const listen = (port: number) =>
    `perl -MSocket -e 'socket(S,PF_INET,SOCK_STREAM,6); setsockopt(S,SOL_SOCKET,SO_REUSEADDR,1); bind(S,sockaddr_in(${port},INADDR_ANY)) or die; listen(S,5); sleep 60' >/dev/null 2>&1 &`;

  test("is made, with everything in its place", async () => {
    const result = await stack.up({ color: "never" });
    expect(result.summary.resourceChanges).toEqual({ create: 7 });
    expect(result.stdout).not.toContain(CANARY);
    const seen = await machine.sh(`
      stat -c '%a %U %n' ${HOME}/.openclaw/.env ${HOME}/.openclaw/config.yml ${HOME}/.openclaw/dashboard.env /etc/sudoers.d/90-groundplane-agent
      cat ${HOME}/.openclaw/.env
      ufw status verbose
      systemctl is-enabled openclaw-athena.service
      systemd-analyze verify --man=no openclaw-athena.service 2>&1 | grep openclaw || true
      logrotate --debug /etc/logrotate.d/openclaw-athena 2>&1 | grep -i error || true
      apt-config dump | grep Unattended-Upgrade
      gh; rustc; cargo; code; readlink /usr/local/bin/cdk; id -nG agent; command -v dockerd
      sudo -u agent sudo -n id -u`);
    expect(seen.stdout).toContain(
      `600 agent ${HOME}/.openclaw/.env\n600 agent ${HOME}/.openclaw/config.yml\n600 agent ${HOME}/.openclaw/dashboard.env\n440 root /etc/sudoers.d/90-groundplane-agent\n`,
    );
    expect(seen.stdout).toContain(`ANTHROPIC_API_KEY=${CANARY}\n`);
    expect(seen.stdout).toContain("Status: active");
    expect(seen.stdout).toContain("Default: deny (incoming), allow (outgoing)");
    expect(seen.stdout).toMatch(/22\/tcp +ALLOW IN +10\.213\.7\.1 +# SSH/);
    expect(seen.stdout).toMatch(/18789\/tcp +ALLOW IN +10\.213\.7\.1 +# OpenClaw dashboard/);
    expect(seen.stdout).toContain("\nenabled\n");
    expect(seen.stdout).toMatch(/APT::Periodic::Unattended-Upgrade "1"/);
    expect(seen.stdout).toMatch(/\n0\n$/);
    expect(seen.stdout).toMatch(
      /\ngh\nrustc\ncargo\ncode\n\S+cdk-2\.1030\.0\/bin\/cdk\nagent docker\n\S+dockerd\n/,
    );
    expect(seen.stdout).not.toMatch(/openclaw-athena\.service:\d/);
  });

  test("lets the admin in as the agent, and through the firewall what its rules say", async () => {
    const who = await runOverSsh({ ...machine.connection, user: "agent", privateKey: admin }, "id -un");
    expect(who.stdout).toBe("agent\n");
    await machine.sh(`${listen(18_789)} ${listen(9_999)} sleep 0.5`);
    expect(await Promise.all([22, 18_789, 9_999].map(reached))).toEqual([true, true, false]);
  });

  test("is unchanged, and a refresh finds nothing", async () => {
    const again = await stack.up({ color: "never" });
    expect(again.summary.resourceChanges).toEqual({ same: 7 });
    const refreshed = await stack.refresh({ color: "never" });
    expect(refreshed.summary.resourceChanges).toEqual({ same: 7 });
  });

  test("is seen to have drifted, and mended", async () => {
    await machine.sh(
      `ufw --force delete allow from 10.213.7.1 to any port 18789 proto tcp; chmod 644 ${HOME}/.openclaw/.env`,
    );
    const drift = await stack.refresh({ color: "never" });
    expect(drift.summary.resourceChanges).toEqual({ same: 5, update: 2 });
    const mended = await stack.up({ color: "never" });
    expect(mended.summary.resourceChanges).toEqual({ same: 5, update: 2 });
    expect(await reached(18_789)).toBe(true);
    expect(statSync(join(machine.root, HOME, ".openclaw/.env")).mode & 0o777).toBe(0o600);
  });

  test("changes only what an argument is about", async () => {
    args = { ...args, firewall: [{ purpose: "SSH", from: "10.213.7.0/30", port: 22 }] };
    const result = await stack.up({ color: "never" });
    expect(result.summary.resourceChanges).toEqual({ same: 6, update: 1 });
    expect(await Promise.all([22, 18_789].map(reached))).toEqual([true, false]);
    const rules = await machine.sh("ufw show added");
    expect(rules.stdout.match(/^ufw .*/gm)).toEqual([
      "ufw allow from 10.213.7.0/30 to any port 22 proto tcp comment 'SSH'",
    ]);
  });

  test("gives the agent another user, and the first keeps the home", async () => {
    args = { ...args, user: "worker" };
    await stack.up({ color: "never" });
    const seen = await machine.sh(
      `cd /; stat -c '%U /%n' home/*/.openclaw/.env home/*; getent shadow agent | cut -d : -f 8`,
    );
    expect(seen.stdout).toBe(`worker ${OTHER}/.openclaw/.env\nagent ${HOME}\nworker ${OTHER}\n1\n`);
    const login = runOverSsh({ ...machine.connection, user: "agent", privateKey: admin }, "true");
    await expect(login).rejects.toMatchObject({ code: "MACHINE_REFUSED" });
  });

  test("has its secret on the machine, and in no byte that was written here", () => {
    const found = ["state", "pulumi"]
      .flatMap((part) =>
        readdirSync(join(machine.folder, part), { recursive: true, encoding: "utf8" }).map((name) =>
          join(machine.folder, part, name),
        ),
      )
      .filter((path) => statSync(path).isFile() && readFileSync(path).includes("5up3r"));
    expect(found).toEqual([]);
    expect(existsSync(join(machine.folder, "state/.pulumi/stacks/rack/dev.json"))).toBe(true);
  });

  test("is undone: the machine is as it was found", async () => {
    const result = await stack.destroy({ color: "never" });
    expect(result.summary.resourceChanges).toEqual({ delete: 7 });
    expect((await machine.sh("getent passwd; getent group")).stdout).toBe(users);
    const after = machine.files();
    const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
      (path) => before.get(path) !== after.get(path),
    );
    expect(differing).toEqual([]);
    const left = await machine.sh(
      `dpkg-query -W -f '\${db:Status-Abbrev}\\n' ufw curl git logrotate code 2>/dev/null | grep ii`,
    );
    expect(left.stdout).toBe("");
    await machine.sh(`${listen(9_998)} sleep 0.5`);
    expect(await reached(9_998)).toBe(true);
  });
});
