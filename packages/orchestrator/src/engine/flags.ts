import type { EngineRequest } from "./engine-request.ts";

interface CommandFlags {
  readonly command: string;
  readonly fixed: readonly string[];
  readonly planFlag?: string;
  readonly takesPolicyPacks: boolean;
}

/** One table from operations to engine commands. */
const COMMANDS: Readonly<Record<EngineRequest["command"], CommandFlags>> = {
  preview: { command: "preview", fixed: [], planFlag: "--save-plan", takesPolicyPacks: true },
  up: { command: "up", fixed: ["--yes", "--skip-preview"], planFlag: "--plan", takesPolicyPacks: true },
  // The program runs, so that providers configured in it can delete what they made.
  "destroy-preview": {
    command: "destroy",
    fixed: ["--preview-only", "--run-program"],
    takesPolicyPacks: false,
  },
  destroy: {
    command: "destroy",
    fixed: ["--yes", "--skip-preview", "--run-program"],
    takesPolicyPacks: false,
  },
  // It takes the backend's lock all the same: it is run on a copy of the state.
  drift: { command: "refresh", fixed: ["--preview-only"], takesPolicyPacks: false },
  // Into the state this time, which is a copy too.
  settle: { command: "refresh", fixed: ["--yes", "--skip-preview"], takesPolicyPacks: false },
};

/** A list flag of the engine reads its value as a line of CSV: a comma in a folder's name would make two of it. */
function listItem(value: string): string {
  return /[,"\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Arguments of the engine for one request. Values stand in a word of their own: a leading dash cannot become a flag. */
export function engineArguments(
  request: EngineRequest,
  clientPort: number,
  eventsPort: number,
): readonly string[] {
  const { command, fixed, planFlag, takesPolicyPacks } = COMMANDS[request.command];
  return [
    command,
    ...fixed,
    ...(request.refresh === true ? ["--refresh"] : []),
    `--stack=${request.stack}`,
    ...(request.targets ?? []).map((urn) => `--target=${urn}`),
    `--client=127.0.0.1:${clientPort}`,
    "--exec-kind=auto.inline",
    `--event-log=tcp://127.0.0.1:${eventsPort}`,
    "--non-interactive",
    "--color=never",
    "--suppress-outputs",
    "--suppress-permalink=true",
    ...(planFlag !== undefined && request.plan !== undefined ? [`${planFlag}=${request.plan}`] : []),
    ...(takesPolicyPacks
      ? request.policyPacks.flatMap((pack) => [
          `--policy-pack=${listItem(pack.folder)}`,
          `--policy-pack-config=${listItem(pack.configFile)}`,
        ])
      : []),
    ...(request.message === undefined ? [] : [`--message=${request.message}`]),
  ];
}
