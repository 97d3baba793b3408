import { MattermostHost, preflightMattermost } from "@groundplane/docker";
import { firewallScripts } from "@groundplane/libvirt";
import { MachineSetup } from "@groundplane/machine";
import { defineStack } from "@groundplane/orchestrator";
import { isMadeUp, mattermostConfig } from "./mattermost-config.ts";
import { mattermostOutputs } from "./mattermost-outputs.ts";
import { smokeChecks } from "./smoke-checks.ts";
import { sshPrivateKey, stackSecrets } from "./stack-secrets.ts";

/** The chat of the fleet, on a server that is there already: it needs none of the fleet's machines. */
export default defineStack({
  name: "mattermost",
  config: mattermostConfig,
  outputs: mattermostOutputs,
  preflight: async ({ config: { images, address, user, hostKey }, signal }) => {
    const madeUp = Object.values(images)
      .filter(isMadeUp)
      .map((one) => ({
        subject: one,
        problem: "the digest is made up",
        remedy: `put the real one into the stack's config: docker buildx imagetools inspect ${one.split("@")[0]}`,
      }));
    if (madeUp.length > 0) return madeUp;
    return preflightMattermost({ host: address, user, hostKey, privateKey: await sshPrivateKey() }, signal);
  },
  program: ({ config, sandbox }) => {
    const { address, port, user, hostKey, images, admin, team, bots, allowedNetworks, firewall } = config;
    const secrets = stackSecrets(sandbox);
    const connection = { host: address, user, hostKey, privateKey: secrets.value("ssh-private-key") };
    const chat = new MattermostHost("chat", {
      connection,
      address,
      port,
      images,
      postgresPassword: secrets.value("mattermost-postgres-password"),
      admin: { ...admin, password: secrets.value("mattermost-admin-password") },
      team,
      bots: bots.map(({ username, displayName, description }) => ({
        username,
        ...(displayName !== undefined && { displayName }),
        ...(description !== undefined && { description }),
      })),
      allowedNetworks,
    });
    if (firewall === "ufw")
      new MachineSetup("firewall", { connection, ...firewallScripts(chat.firewallRules) });
    return {
      url: chat.url,
      address: chat.address,
      port: chat.port,
      tokenFiles: chat.tokenFiles,
      firewallRules: chat.firewallRules,
    };
  },
  checks: smokeChecks,
});
