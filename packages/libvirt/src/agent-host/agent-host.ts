import { checkWhole, invalidArgument } from "@groundplane/contracts";
import { MachineSetup, type MachineSetupArgs } from "@groundplane/machine";
import * as pulumi from "@pulumi/pulumi";
import { checkComponentName } from "../component-name.ts";
import { firewallScripts } from "../firewall/firewall-script.ts";
import type { UfwRule } from "../firewall/ufw-rule.ts";
import { checkRoutes } from "../inference-server/model-route.ts";
import { checkRegistry } from "../machine-script/npm-registry.ts";
import { agentConfig, agentUnit, environmentFile, logrotateFile } from "./agent-files.ts";
import { agentHome } from "./agent-home.ts";
import type { AgentHostArgs, AgentSecrets } from "./agent-host-args.ts";
import { agentScripts } from "./agent-script.ts";
import { developmentScripts } from "./development-profile.ts";
import { packageScripts, UPGRADES_FILE } from "./package-script.ts";
import { checkUser, sudoersFile, userScripts } from "./user-script.ts";

/** The resources of an `AgentHost`. */
export interface AgentHostNodes {
  readonly users: MachineSetup;
  readonly packages: MachineSetup;
  readonly firewall: MachineSetup;
  readonly agent: MachineSetup;
  readonly development?: MachineSetup;
}

/**
 * A machine runs one OpenClaw agent, as a service of a user of its own: Debian or Ubuntu, on x64, reached over SSH.
 *
 * It is made of setups that change and go apart: `users` (the agent's user, sudo, the admins' keys), `packages` (Docker,
 * Node, security updates), `firewall`, `agent` (OpenClaw, its config and secrets, its service and logs) and `development`.
 * Each leaves the machine as it found it. They cost nothing but the machine's time.
 *
 * @example
 * const athena = new AgentHost("athena", {
 *   connection: { host: "10.220.1.50", user: "agent", privateKey: config.requireSecret("sshKey"), hostKey },
 *   admins: { jeff: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl" },
 *   network: "10.220.1.0/24",
 *   node: { version: "22.21.1", sha256: config.require("nodeSha256") },
 *   openclaw: { version: "2026.1.30" },
 *   secrets: { ANTHROPIC_API_KEY: config.requireSecret("anthropicApiKey") },
 * });
 */
export class AgentHost extends pulumi.ComponentResource {
  readonly nodes: AgentHostNodes;
  /** The agent's user on the machine. */
  readonly user: string;
  readonly dashboardPort: number;
  /** Of systemd. */
  readonly serviceName: string;

  /**
   * @throws {INVALID_NAME} the name is none
   * @throws {INVALID_ARGUMENT} an argument is out of its bounds, or no rule lets SSH in
   */
  constructor(name: string, args: AgentHostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const plan = planAgentHost(name, args);
    super("groundplane:libvirt:AgentHost", name, {}, opts);
    const { connection } = args;
    const options = { parent: this, ...(opts.deletedWith && { deletedWith: opts.deletedWith }) };
    const setup = (role: string, more: Omit<MachineSetupArgs, "connection">, after: MachineSetup[]) =>
      new MachineSetup(`${name}-${role}`, { connection, ...more }, { ...options, dependsOn: after });

    const users = setup("users", { ...plan.users, files: [sudoersFile(plan.user)] }, []);
    const packages = setup("packages", { ...plan.packages, files: [UPGRADES_FILE], timeoutSeconds: 1800 }, [
      users,
    ]);
    const firewall = setup("firewall", plan.firewall, [packages]);
    const agent = setup(
      "agent",
      { ...plan.agent, files: plan.files(args.secrets ?? {}), timeoutSeconds: 1200 },
      [packages, firewall],
    );
    const development =
      plan.development && setup("development", { ...plan.development, timeoutSeconds: 3600 }, [packages]);

    this.nodes = { users, packages, firewall, agent, ...(development && { development }) };
    this.user = plan.user;
    this.dashboardPort = plan.dashboardPort;
    this.serviceName = `openclaw-${name}.service`;
    this.registerOutputs({
      user: this.user,
      dashboardPort: this.dashboardPort,
      serviceName: this.serviceName,
    });
  }
}

/** Everything but the secrets, as plain data. */
function planAgentHost(name: string, args: AgentHostArgs) {
  checkComponentName(name);
  const { user = "agent", dashboardPort = 18_789, docker = true, config = {} } = args;
  const { node, mattermostUrl, npmRegistry } = args;
  checkUser(user);
  checkRegistry(npmRegistry);
  checkWhole("dashboardPort", dashboardPort, 1024, 65_535);
  if (
    mattermostUrl !== undefined &&
    !/^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/.test(mattermostUrl)
  )
    throw invalidArgument(`mattermostUrl is "${mattermostUrl}"; give one such as http://10.220.1.10:8065`, {
      mattermostUrl,
    });
  const models = checkRoutes(args.models ?? []);
  const home = agentHome(user);
  const owned = { owner: user, group: user };
  const files = [
    {
      path: `${home}/.openclaw/config.yml`,
      content: agentConfig({ models, dashboardPort, mattermostUrl, config }),
      ...{ mode: "0600", ...owned },
    },
    {
      path: `/etc/systemd/system/openclaw-${name}.service`,
      content: agentUnit({ name, user, home, dashboardPort }),
    },
    { path: `/etc/logrotate.d/openclaw-${name}`, content: logrotateFile(user, home) },
  ];
  return {
    ...{ user, dashboardPort },
    users: userScripts(user, args.admins),
    packages: packageScripts({ user, node, docker }),
    firewall: firewallScripts(args.firewall ?? defaultRules(args.network, dashboardPort)),
    agent: agentScripts({ name, user, home, openclawVersion: args.openclaw.version, npmRegistry }),
    development: args.development && developmentScripts(user, args.development, npmRegistry),
    files: (secrets: AgentSecrets) => [
      { path: `${home}/.openclaw/.env`, content: environment(secrets), mode: "0600", ...owned },
      ...files,
    ],
  };
}

function environment(secrets: AgentSecrets): pulumi.Output<string> {
  return pulumi.secret(pulumi.all({ ...secrets }).apply(environmentFile));
}

function defaultRules(network: string | undefined, dashboardPort: number): readonly UfwRule[] {
  if (network === undefined)
    throw invalidArgument(
      "neither firewall nor network is given; give the network from which the machine is reached",
    );
  return [
    { purpose: "SSH", from: network, port: 22 },
    { purpose: "OpenClaw dashboard", from: network, port: dashboardPort },
  ];
}
