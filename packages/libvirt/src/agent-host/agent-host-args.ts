import type { JsonValue } from "@groundplane/contracts";
import type { MachineConnection } from "@groundplane/machine";
import type * as pulumi from "@pulumi/pulumi";
import type { UfwRule } from "../firewall/ufw-rule.ts";
import type { ModelRoute } from "../inference-server/model-route.ts";
import type { PinnedDownload } from "../machine-script/pinned-download.ts";
import type { DevelopmentProfile } from "./development-profile.ts";

/** What the agent's programs find in `~/.openclaw/.env`. Each is a secret, whether marked so or not. */
export interface AgentSecrets {
  readonly ANTHROPIC_API_KEY?: pulumi.Input<string>;
  readonly OPENAI_API_KEY?: pulumi.Input<string>;
  readonly GOOGLE_API_KEY?: pulumi.Input<string>;
  readonly MATTERMOST_BOT_TOKEN?: pulumi.Input<string>;
  /** Whoever opens the dashboard gives it. @default - made on the machine, in ~/.openclaw/dashboard.env */
  readonly OPENCLAW_GATEWAY_TOKEN?: pulumi.Input<string>;
}

export interface AgentHostArgs {
  /** Of a user that may use sudo without a password; often that of the machine's cloud-init. */
  readonly connection: MachineConnection;
  /** Who may log in as the agent's user: public keys by admin, one for each. At least one. */
  readonly admins: Readonly<Record<string, string>>;
  /**
   * What comes in; everything goes out. One rule lets SSH in.
   *
   * @default - SSH and the dashboard, from `network`
   */
  readonly firewall?: readonly UfwRule[];
  /** From where SSH and the dashboard are reached, when `firewall` is left out. @format CIDR */
  readonly network?: string;
  /** Node 22, as nodejs.org publishes it for Linux on x64: `SHASUMS256.txt` beside it has the checksum. */
  readonly node: PinnedDownload;
  /** The package `openclaw` of npm, in exactly this version. */
  readonly openclaw: { readonly version: string };
  /**
   * From where `openclaw`, AWS CDK and what they depend on come. It must not ask who one is.
   *
   * @format https @default - npm's own
   */
  readonly npmRegistry?: string;
  /** @default {} */
  readonly secrets?: AgentSecrets;
  /**
   * Which model the agent asks first, and which ones when that does not answer.
   *
   * @default - OpenClaw's own
   */
  readonly models?: readonly ModelRoute[];
  /** More of `~/.openclaw/config.yml`: what is here wins. Never a secret. @default {} */
  readonly config?: Readonly<Record<string, JsonValue>>;
  /** Of Mattermost, for OpenClaw's channel. @format https or http @default - no channel */
  readonly mattermostUrl?: string;
  /** The agent's user on the machine. @default "agent" */
  readonly user?: string;
  /** @minimum 1024 @maximum 65535 @default 18789 */
  readonly dashboardPort?: number;
  /** Docker of the distribution, for the agent's user too, which makes it as good as root. @default true */
  readonly docker?: boolean;
  /** Languages and tools for developing. @default - none */
  readonly development?: DevelopmentProfile;
}
