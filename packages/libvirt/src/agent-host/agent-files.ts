import { invalidArgument, type JsonValue } from "@groundplane/contracts";
import { type ModelRoute, modelName } from "../inference-server/model-route.ts";
import { HARDENED_SERVICE } from "../machine-script/hardened-service.ts";

export interface AgentConfigOptions {
  readonly models: readonly ModelRoute[];
  readonly dashboardPort: number;
  readonly mattermostUrl: string | undefined;
  readonly config: Readonly<Record<string, JsonValue>>;
}

/**
 * What is in `config.yml`. It is JSON, which is YAML too: OpenClaw reads JSON
 * (https://docs.openclaw.ai/gateway/configuration), and is told where the file is.
 */
export function agentConfig({ models, dashboardPort, mattermostUrl, config }: AgentConfigOptions): string {
  const [first, ...others] = models.map(modelName);
  const made = {
    gateway: { mode: "local", port: dashboardPort, bind: "lan", auth: { mode: "token" } },
    ...(first !== undefined && { agents: { defaults: { model: { primary: first, fallbacks: others } } } }),
    ...localProvider(models),
    ...(mattermostUrl !== undefined && {
      channels: { mattermost: { enabled: true, baseUrl: mattermostUrl } },
    }),
  };
  return `${JSON.stringify({ ...made, ...config }, null, 2)}\n`;
}

/** Ollama has an API like OpenAI's under /v1, which wants a key and looks at none. */
function localProvider(models: readonly ModelRoute[]) {
  const local = models.filter((route) => route.provider === "ollama");
  const [first] = local;
  if (first === undefined) return {};
  const other = local.find(({ url }) => url !== first.url);
  if (other !== undefined)
    throw invalidArgument(`local models are at ${first.url} and ${other.url}; put them on one server`, {
      url: other.url,
    });
  const listed = local.map(({ model }) => ({ id: model, name: model }));
  const ollama = { baseUrl: `${first.url}/v1`, apiKey: "none", api: "openai-completions", models: listed };
  return { models: { mode: "merge", providers: { ollama } } };
}

/**
 * Lines of an environment file, as systemd and dotenv both read them.
 *
 * @throws {INVALID_ARGUMENT} a value has a character that the two read differently; it is not repeated
 */
export function environmentFile(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value = ""]) => {
      if (!/^[A-Za-z0-9._~+/=:@-]+$/.test(value))
        throw invalidArgument(
          `the value of ${name} is empty or has other characters than letters, digits and ._~+/=:@-; keys of the providers have none: see whether it was cut or quoted`,
          { name },
        );
      return `${name}=${value}\n`;
    })
    .join("");
}

export interface AgentUnitOptions {
  readonly name: string;
  readonly user: string;
  readonly home: string;
  readonly dashboardPort: number;
}

/**
 * The unit of one agent. It has no way to root: sudo is for whoever logs in. What is open: the network, the home of its
 * user, and memory that is written and run, which V8 needs (systemd.exec(5)).
 */
export function agentUnit({ name, user, home, dashboardPort }: AgentUnitOptions): string {
  return `[Unit]
Description=OpenClaw agent ${name}
After=network-online.target
Wants=network-online.target
# At most 5 starts in 5 minutes: then it stays down, and the check says so.
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
User=${user}
WorkingDirectory=${home}
Environment=HOME=${home} OPENCLAW_CONFIG_PATH=${home}/.openclaw/config.yml PATH=/usr/local/bin:/usr/bin:/bin
EnvironmentFile=${home}/.openclaw/dashboard.env
EnvironmentFile=${home}/.openclaw/.env
ExecStart=/usr/local/bin/openclaw gateway --port ${dashboardPort}
StandardOutput=append:${home}/.openclaw/logs/${name}.log
StandardError=append:${home}/.openclaw/logs/${name}.log
Restart=on-failure
RestartSec=10
TimeoutStopSec=30
${HARDENED_SERVICE}
AmbientCapabilities=
ReadWritePaths=${home}
PrivateDevices=yes
ProtectProc=invisible
RemoveIPC=yes
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** Weekly or at 50 MB, eight of them. The unit keeps the file open: it is copied, then emptied. */
export function logrotateFile(user: string, home: string): string {
  return `${home}/.openclaw/logs/*.log {
  su ${user} ${user}
  weekly
  maxsize 50M
  rotate 8
  compress
  delaycompress
  missingok
  notifempty
  copytruncate
}
`;
}
