import type { CommandHandler } from "./command-context.ts";

export interface OptionDefinition {
  /** In commander's form: `--limit <number>`. */
  readonly flags: string;
  readonly about: string;
  /** May be given several times. */
  readonly repeatable?: boolean;
  /** The values it takes: checked by the command, offered by completion. */
  readonly choices?: readonly string[];
}

export interface CommandDefinition {
  /** Name and arguments in commander's form: `deploy <environment> [stack]`. */
  readonly usage: string;
  readonly summary: string;
  /** Below the summary in the command's own help. @default - nothing */
  readonly description?: string;
  readonly group: "Start" | "Change" | "Decide" | "Look" | "Tools";
  readonly arguments?: Readonly<Record<string, string>>;
  readonly options?: readonly OptionDefinition[];
  readonly examples?: readonly string[];
  readonly subcommands?: readonly CommandDefinition[];
  /** Loads the command's code when it is run, so that help and completion stay fast. */
  readonly load?: () => Promise<CommandHandler>;
}

const AS: OptionDefinition = {
  flags: "--as <actor>",
  about: "who you are (default: GROUNDPLANE_ACTOR, else your login); claimed, not proven",
};
const YES: OptionDefinition = {
  flags: "--yes",
  about: "approve as yourself without being asked, where the rule lets you",
};
const PROGRESS: readonly OptionDefinition[] = [
  {
    flags: "--log-format <format>",
    about: "progress on standard error as text, or as one JSON record a line (default: text)",
    choices: ["text", "json"],
  },
  { flags: "--quiet", about: "show no progress" },
];
const CONFIRM: OptionDefinition = {
  flags: "--confirm <urn>",
  about: "accept that this resource loses its data; once for each",
  repeatable: true,
};
const REFRESH: OptionDefinition = {
  flags: "--refresh",
  about: "read the cloud first: the review shows what drifted, and applying it brings that back",
};
const WAIT: OptionDefinition = {
  flags: "--wait <duration>",
  about:
    "while someone else changes the stack, queue for this long, as in 30s, 10m or 2h (default: do not wait)",
};
const COMMENT: OptionDefinition = { flags: "--comment <text>", about: "why; kept with the decision" };

const ENVIRONMENT = { environment: "name of an environment of the project" };
const ENVIRONMENT_AND_STACK = {
  ...ENVIRONMENT,
  stack: "name of a stack; left out: all of them, in dependency order",
};
const RUN = { run: "id of a run: run-20261121-093015-x1y2z3" };
const SANDBOX_ID = { ...ENVIRONMENT, id: "id of a resource, as `sandbox list` shows it, or its URN" };

const START: readonly CommandDefinition[] = [
  {
    usage: "init [folder]",
    summary: "make a new project: one network on the sandbox",
    description:
      "Writes a project with an environment dev on the sandbox and one stack, a network. Nothing that exists is overwritten.",
    group: "Start",
    arguments: { folder: "folder of the project (default: this one)" },
    options: [
      { flags: "--name <name>", about: "name of the project (default: the folder's)" },
      { flags: "--dry-run", about: "list the files and write none" },
    ],
    examples: ["groundplane init shop-infra", "groundplane init --dry-run"],
    load: async () => (await import("./commands/init.ts")).init,
  },
  {
    usage: "doctor",
    summary: "look whether this machine and project are in order",
    description:
      "Checks Node, the engine, the project, each environment's state and policy packs, the journal, and the engine's plugins that npm packages deliver. Exit code 1 when something is missing.",
    group: "Start",
    options: [
      {
        flags: "--fix",
        about: "put the plugins that the project's packages deliver into the engine's plugin folder",
      },
    ],
    examples: ["groundplane doctor", "groundplane doctor --fix", "groundplane doctor --json"],
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  {
    usage: "quickstart",
    summary: "deploy dev's network on the sandbox, and explain each step",
    description:
      "What `npm run quickstart` runs. Needs an environment dev on the sandbox and a stack network.",
    group: "Start",
    options: [AS],
    examples: ["groundplane quickstart"],
    load: async () => (await import("./commands/quickstart.ts")).quickstart,
  },
];

const SEVERAL: readonly OptionDefinition[] = [
  {
    flags: "--keep-going",
    about: "with several stacks: after one that failed, go on with those that do not need it",
  },
  { flags: "--concurrency <n>", about: "with several stacks: how many at once, 1 to 64 (default: 4)" },
];

const AFFECTED: OptionDefinition = {
  flags: "--affected",
  about:
    "only stacks that changed since their last run, or were never deployed, and those that need one of them",
};

const CHANGE: readonly CommandDefinition[] = [
  {
    usage: "preview <environment> [stack]",
    summary: "show what a deployment would change, and what the policies say",
    group: "Change",
    arguments: ENVIRONMENT_AND_STACK,
    options: [
      AS,
      REFRESH,
      CONFIRM,
      { flags: "--expect-no-changes", about: "exit with 4 when there are changes" },
      AFFECTED,
      ...SEVERAL,
      ...PROGRESS,
    ],
    examples: [
      "groundplane preview dev network",
      "groundplane preview prod network --expect-no-changes --json",
    ],
    load: async () => (await import("./commands/change.ts")).preview,
  },
  {
    usage: "deploy <environment> [stack]",
    summary: "preview, check, approve, apply, verify and export",
    description:
      "Runs the whole pipeline. Where a person must approve and nobody is at the terminal, it ends with exit code 2 and shows the command that approves.",
    group: "Change",
    arguments: ENVIRONMENT_AND_STACK,
    options: [AS, YES, REFRESH, CONFIRM, WAIT, AFFECTED, ...SEVERAL, ...PROGRESS],
    examples: [
      "groundplane deploy dev",
      "groundplane deploy prod network --as ada",
      "groundplane deploy dev network --json --quiet",
    ],
    load: async () => (await import("./commands/change.ts")).deploy,
  },
  {
    usage: "destroy <environment> [stack]",
    summary: "delete what a stack made, under the same rules",
    description:
      "Reviewed and approved like a deployment. What holds data is deleted only when --confirm names its URN.",
    group: "Change",
    arguments: { ...ENVIRONMENT, stack: "name of a stack; left out only with --all" },
    options: [
      AS,
      YES,
      CONFIRM,
      { flags: "--all", about: "every stack of the environment, those that need others first" },
      WAIT,
      ...SEVERAL,
      ...PROGRESS,
    ],
    examples: ["groundplane destroy dev network", "groundplane destroy dev --all"],
    load: async () => (await import("./commands/change.ts")).destroy,
  },
  {
    usage: "rollback <environment> [stack]",
    summary: "go back to what an earlier run deployed, under the same rules",
    description:
      "Takes the program and config that the run kept, and the environment's rules of now. Previewed, checked and approved like a deployment. Without --to it goes to what stood before; after a failure, to what stood before that.",
    group: "Change",
    arguments: { ...ENVIRONMENT, stack: "name of a stack; may be left out when the project has one" },
    options: [
      { flags: "--to <run>", about: "the run to go back to (default: the one before)" },
      { flags: "--list", about: "list the runs that the stack can go back to, and change nothing" },
      { flags: "--dry-run", about: "only show the way back" },
      AS,
      YES,
      REFRESH,
      CONFIRM,
      WAIT,
      ...PROGRESS,
    ],
    examples: [
      "groundplane rollback dev network --list",
      "groundplane rollback dev network --dry-run",
      "groundplane rollback prod network --to run-20261121-093015-x1y2z3",
    ],
    load: async () => (await import("./commands/rollback.ts")).rollback,
  },
  {
    usage: "resume <environment> [stack]",
    summary: "end the runs whose process was killed",
    description:
      "Finds out from the journal, the state and the engine how far each one came: verifies and exports what is complete, and says what a person must do about the rest. Applies nothing. deploy and destroy begin with it.",
    group: "Change",
    arguments: ENVIRONMENT_AND_STACK,
    examples: ["groundplane resume dev"],
    load: async () => (await import("./commands/resume.ts")).resume,
  },
  {
    usage: "restore <environment> [stack]",
    summary: "put a state that a run kept in the place of the stack's state",
    description:
      "Only the state is written; nothing in the cloud changes. Reviewed and approved like a deployment: what the state would know again, differently, and not any more. What stands now is kept first, even when it cannot be read. Outputs are exported by the next deployment.",
    group: "Change",
    arguments: { ...ENVIRONMENT, stack: "name of a stack; may be left out when the project has one" },
    options: [
      {
        flags: "--from <run>",
        about: "the run that kept it (default: the newest kept state that is intact)",
      },
      { flags: "--before", about: "with --from: the state before that run, not the one that it left" },
      { flags: "--list", about: "list the kept states instead, newest first" },
      { flags: "--limit <number>", about: "with --list: how many (default: 20)" },
      { flags: "--dry-run", about: "show what it would mean, and write nothing" },
      AS,
      YES,
      ...PROGRESS,
    ],
    examples: [
      "groundplane restore dev network --list",
      "groundplane restore dev network --dry-run",
      "groundplane restore prod network --from run-20261121-093015-x1y2z3 --before",
    ],
    load: async () => (await import("./commands/restore.ts")).restore,
  },
  {
    usage: "pending <environment> [stack]",
    summary: "list operations that never ended; or settle them",
    description:
      "What a killed engine was creating may exist or not: the state says only that it was begun, and nothing is deployed until a person looked. Without --gone, --adopt or --read it lists them and exits with 3 when there are any. With them it is a run that writes the state alone, reviewed and approved like a deployment; every creation must be decided in it. What was being updated or deleted is read from the cloud.",
    group: "Change",
    arguments: { ...ENVIRONMENT, stack: "name of a stack; may be left out when the project has one" },
    options: [
      { flags: "--gone <urn>", about: "it does not exist: clear the mark; once for each", repeatable: true },
      {
        flags: "--adopt <urn=id>",
        about: "it exists under this id: take it into the state; once for each",
        repeatable: true,
      },
      {
        flags: "--read",
        about: "there is nothing to decide: read from the cloud what was updated or deleted",
      },
      {
        flags: "--confirm <urn>",
        about: "adopt it although it differs from what was reviewed; once for each",
        repeatable: true,
      },
      { flags: "--dry-run", about: "show what it would mean, and write nothing" },
      AS,
      YES,
      ...PROGRESS,
    ],
    examples: [
      "groundplane pending dev network",
      "groundplane pending dev network --gone urn:pulumi:dev::network::aws:ec2/vpc:Vpc::main",
      "groundplane pending dev network --adopt urn:pulumi:dev::network::aws:ec2/vpc:Vpc::main=vpc-0123456789abcdef0",
    ],
    load: async () => (await import("./commands/pending.ts")).pending,
  },
  {
    usage: "unlock <environment> [stack]",
    summary: "clear the lock that a killed engine left, once it is verified to be gone",
    description:
      "First makes sure that no run holds the stack's lease. An engine's lock whose process lives, or that was taken on another machine, is not broken: the error names its holder.",
    group: "Change",
    arguments: { ...ENVIRONMENT, stack: "name of a stack; may be left out when the project has one" },
    examples: ["groundplane unlock dev network"],
    load: async () => (await import("./commands/unlock.ts")).unlock,
  },
];

const DECIDE: readonly CommandDefinition[] = [
  {
    usage: "review [run]",
    summary: "print the address of the page to decide from; of all that waits in an environment",
    description:
      "One HTML file: what changes, what is lost, what the policies say, and how to approve. It needs no network.",
    group: "Decide",
    arguments: RUN,
    options: [
      {
        flags: "--environment <name>",
        about: "in place of a run: list all that waits there, with one digest",
      },
    ],
    examples: ["groundplane review run-20261121-093015-x1y2z3", "groundplane review --environment prod"],
    load: async () => (await import("./commands/review.ts")).review,
  },
  {
    usage: "approve [run]",
    summary: "approve a run, or all that waits in an environment, and apply it once the rule is met",
    description:
      "At a terminal it shows the review first, and asks. The approval is good for exactly what was reviewed.",
    group: "Decide",
    arguments: RUN,
    options: [
      AS,
      COMMENT,
      { flags: "--yes", about: "do not ask again" },
      { flags: "--no-apply", about: "only record the approval" },
      { flags: "--environment <name>", about: "in place of a run: all that waits there, or nothing of it" },
      {
        flags: "--digest <sha256>",
        about: "with --environment: only if the set is the one with this digest; nobody is asked",
      },
      { flags: "--concurrency <n>", about: "with --environment: how many stacks at once (default: 4)" },
      WAIT,
      ...PROGRESS,
    ],
    examples: [
      "groundplane approve run-20261121-093015-x1y2z3 --as grace",
      "groundplane approve --environment prod --as grace",
    ],
    load: async () => (await import("./commands/decide.ts")).approve,
  },
  {
    usage: "lift-budget <run>",
    summary: "let a run pass the brake of the environment's budget, and apply it once the rule is met",
    description:
      "For those whom budget.liftedBy of the environment names. It is good for exactly what was reviewed, and kept with the run.",
    group: "Decide",
    arguments: RUN,
    options: [
      { flags: "--reason <text>", about: "why it may cost that much; kept with the run" },
      AS,
      { flags: "--no-apply", about: "only record it" },
      WAIT,
      ...PROGRESS,
    ],
    examples: [
      'groundplane lift-budget run-20261121-093015-x1y2z3 --as grace --reason "load test until Friday"',
    ],
    load: async () => (await import("./commands/lift-budget.ts")).liftBudget,
  },
  {
    usage: "reject <run>",
    summary: "turn a run down",
    group: "Decide",
    arguments: RUN,
    options: [AS, COMMENT],
    examples: ['groundplane reject run-20261121-093015-x1y2z3 --comment "not before Monday"'],
    load: async () => (await import("./commands/decide.ts")).reject,
  },
  {
    usage: "cancel <run>",
    summary: "end a run that nobody wants any more",
    group: "Decide",
    arguments: RUN,
    options: [AS, COMMENT],
    examples: ["groundplane cancel run-20261121-093015-x1y2z3"],
    load: async () => (await import("./commands/decide.ts")).cancel,
  },
];

const LOOK: readonly CommandDefinition[] = [
  {
    usage: "drift <environment> [stack]",
    summary: "compare the state with the cloud; nothing is changed",
    description:
      "Reads every resource of one stack, or of all. Exit code 4 when something differs that no driftIgnores rule covers. No lock is taken.",
    group: "Look",
    arguments: { ...ENVIRONMENT, stack: "name of a stack (default: every one)" },
    options: [
      { flags: "--sarif <file>", about: "also write the drift as SARIF 2.1.0 into this file" },
      { flags: "--history", about: "list the kept reports instead, newest first" },
      { flags: "--concurrency <number>", about: "how many stacks are read at once (default: 4)" },
    ],
    examples: ["groundplane drift dev", "groundplane drift prod network --json --sarif drift.sarif"],
    load: async () => (await import("./commands/drift.ts")).drift,
  },
  {
    usage: "status [run]",
    summary: "list the runs, or tell the story of one",
    group: "Look",
    arguments: RUN,
    options: [
      { flags: "--environment <name>", about: "only runs of this environment" },
      { flags: "--stack <name>", about: "only runs of this stack" },
      { flags: "--limit <number>", about: "how many, newest first (default: 20)" },
      { flags: "--history", about: "the entries of the run's journal" },
    ],
    examples: [
      "groundplane status",
      "groundplane status --environment prod --json",
      "groundplane status run-20261121-093015-x1y2z3",
    ],
    load: async () => (await import("./commands/look.ts")).status,
  },
  {
    usage: "diff <run>",
    summary: "show a run's changes, property by property",
    group: "Look",
    arguments: RUN,
    examples: ["groundplane diff run-20261121-093015-x1y2z3"],
    load: async () => (await import("./commands/look.ts")).diff,
  },
  {
    usage: "outputs <environment> [stack]",
    summary: "show what a stack exported last",
    group: "Look",
    arguments: ENVIRONMENT_AND_STACK,
    options: [
      {
        flags: "--format <format>",
        about: "table, json, dotenv or types (default: table)",
        choices: ["table", "json", "dotenv", "types"],
      },
    ],
    examples: ["groundplane outputs dev network", "groundplane outputs dev network --format dotenv > .env"],
    load: async () => (await import("./commands/look.ts")).outputs,
  },
];

const WEBHOOK = { name: "name of a webhook of the project" };

const WEBHOOKS: CommandDefinition = {
  usage: "webhooks",
  summary: "see and deliver what is told to the project's webhooks",
  group: "Tools",
  subcommands: [
    {
      usage: "list",
      summary: "show each endpoint: what waits for it, and what went wrong last",
      group: "Tools",
      examples: ["groundplane webhooks list", "groundplane webhooks list --json"],
      load: async () => (await import("./commands/webhooks.ts")).list,
    },
    {
      usage: "test <name>",
      summary: "send a message of type webhook.test, once",
      group: "Tools",
      arguments: WEBHOOK,
      examples: ["groundplane webhooks test ops"],
      load: async () => (await import("./commands/webhooks.ts")).test,
    },
    {
      usage: "deliver [name]",
      summary: "deliver what waits, now; a named one that was switched off begins again",
      description:
        "Every command delivers in the background; this is for what is left, say from a timer. Exit code 1 when something is left again.",
      group: "Tools",
      arguments: { name: "name of a webhook (default: every one that is not switched off)" },
      examples: ["groundplane webhooks deliver", "groundplane webhooks deliver ops"],
      load: async () => (await import("./commands/webhooks.ts")).deliver,
    },
    {
      usage: "skip <name>",
      summary: "give up what waits for an endpoint: it goes on with what happens next",
      group: "Tools",
      arguments: WEBHOOK,
      examples: ["groundplane webhooks skip ops"],
      load: async () => (await import("./commands/webhooks.ts")).skip,
    },
  ],
};

const FAULTS: CommandDefinition = {
  usage: "faults <environment>",
  summary: "make operations slow or failing, list these faults, or clear them",
  group: "Tools",
  arguments: ENVIRONMENT,
  options: [
    { flags: "--add <type>", about: "add a fault for this type; * stands for any characters" },
    {
      flags: "--operation <operation>",
      about: "what it strikes (default: *)",
      choices: ["check", "diff", "create", "read", "update", "delete", "invoke", "*"],
    },
    { flags: "--error <message>", about: "fail with this error" },
    { flags: "--delay <milliseconds>", about: "wait this long first" },
    { flags: "--hang", about: "never answer" },
    { flags: "--after", about: "strike after the cloud has done it, not before" },
    { flags: "--times <number>", about: "how many operations it strikes (default: all)" },
    { flags: "--clear [id]", about: "clear one fault, or all" },
  ],
  examples: [
    'groundplane sandbox faults dev --add "aws:ec2/subnet:Subnet" --operation create --error "ServiceUnavailable: try again" --times 1',
    "groundplane sandbox faults dev --clear",
  ],
  load: async () => (await import("./commands/sandbox.ts")).faults,
};

const FLEET_ENVIRONMENT = {
  environment: "name of an environment whose stack has a fleet; left out with --inventory",
};
const FLEET_SOURCE: readonly OptionDefinition[] = [
  { flags: "--stack <stack>", about: "the stack whose config has the fleet (default: fleet)" },
  {
    flags: "--inventory <file>",
    about: "a JSON or YAML file instead: an inventory, or inventory, placement and phase",
  },
  { flags: "--phase <number>", about: "as it is in this phase, 1 to 3 (default: the config's)" },
];
const WRITE_RECORD: OptionDefinition = {
  flags: "--write",
  about: "write the record to the config, keeping all else in it (default: write nothing)",
};

const FLEET: CommandDefinition = {
  usage: "fleet",
  summary: "see and change on which host each machine of a fleet is, and try its connections",
  description:
    "Reads `inventory`, `placement` and `phase` of the stack's config; only `check` asks a machine. Exit code 3 when machines do not fit.",
  group: "Tools",
  subcommands: [
    {
      usage: "plan [environment]",
      summary: "show where each machine goes; who has a host keeps it",
      description:
        "With --write the record is put into the config, and addresses into the entries of machines that have none.",
      group: "Tools",
      arguments: FLEET_ENVIRONMENT,
      options: [WRITE_RECORD, ...FLEET_SOURCE],
      examples: ["groundplane fleet plan rack", "groundplane fleet plan rack --phase 3 --write"],
      load: async () => (await import("./commands/fleet.ts")).plan,
    },
    {
      usage: "explain [environment] [machine]",
      summary: "show why a machine is on its host, and what keeps it from each other",
      group: "Tools",
      arguments: { ...FLEET_ENVIRONMENT, machine: "name of a machine" },
      options: FLEET_SOURCE,
      examples: ["groundplane fleet explain rack apollo"],
      load: async () => (await import("./commands/fleet.ts")).explain,
    },
    {
      usage: "rebalance [environment]",
      summary: "show moves that make the placement better, with the gain of each",
      description:
        "First what is over a limit or breaks a rule, then preferred labels, then the inventory's strategy. Each move is possible once those before it are done.",
      group: "Tools",
      arguments: FLEET_ENVIRONMENT,
      options: [
        { flags: "--steps <number>", about: "at most so many, 1 to 100 (default: 5)" },
        WRITE_RECORD,
        ...FLEET_SOURCE,
      ],
      examples: ["groundplane fleet rebalance rack", "groundplane fleet rebalance rack --steps 1 --write"],
      load: async () => (await import("./commands/fleet.ts")).rebalance,
    },
    {
      usage: "evacuate [environment] [host]",
      summary: "show where a host's machines go when it is emptied; nobody else moves",
      group: "Tools",
      arguments: { ...FLEET_ENVIRONMENT, host: "name of a host" },
      options: [WRITE_RECORD, ...FLEET_SOURCE],
      examples: ["groundplane fleet evacuate rack r8202", "groundplane fleet evacuate rack r8202 --write"],
      load: async () => (await import("./commands/fleet.ts")).evacuate,
    },
    {
      usage: "capacity [environment]",
      summary: "show what is used and free, what still fits, and which host to buy for growth",
      group: "Tools",
      arguments: FLEET_ENVIRONMENT,
      options: [
        {
          flags: "--machines <number>",
          about:
            "machines in all, for a scenario of growth; several times for several (default: 10, 15, 20, 25)",
          repeatable: true,
        },
        {
          flags: "--document",
          about: "also count again the figures of the architecture document that the reference fleet is from",
        },
        ...FLEET_SOURCE,
      ],
      examples: ["groundplane fleet capacity rack", "groundplane fleet capacity rack --machines 18"],
      load: async () => (await import("./commands/fleet.ts")).capacity,
    },
    {
      usage: "check <environment>",
      summary: "try whether the machines of a deployed fleet connect as the matrix says, and no more",
      description:
        "Logs in to each machine with your key and tries every port of the matrix on every other machine; to hypervisors as `access` of the config says, where its files are on this machine; and from this machine where it is in `workstations`. Sends nothing, changes nothing. Exit code 4 when a connection is not as it should be, 1 when a machine could not be logged in to; what is not tried never counts as held.",
      group: "Tools",
      arguments: ENVIRONMENT,
      options: [
        {
          flags: "--identity <file>",
          about:
            "private key that you log in with, without a passphrase (default: the first of ~/.ssh/id_ed25519, id_ecdsa, id_rsa)",
        },
        { flags: "--user <name>", about: "user to log in as (default: the inventory's, which is agent)" },
        { flags: "--wait <seconds>", about: "how long an answer is waited for, 1 to 60 (default: 3)" },
        {
          flags: "--probe <party=address>",
          about:
            "an address that stands for a network of the matrix and answers at its ports, as in github=140.82.121.4; once for each (default: the matrix's)",
          repeatable: true,
        },
        { flags: "--all", about: "show every connection, not only those that do not hold" },
        { flags: "--stack <stack>", about: "the stack that has the fleet (default: fleet)" },
      ],
      examples: ["groundplane fleet check rack", "groundplane fleet check rack --identity ~/.ssh/rack --all"],
      load: async () => (await import("./commands/fleet-check.ts")).check,
    },
  ],
};

const TOOLS: readonly CommandDefinition[] = [
  FLEET,
  {
    usage: "sandbox",
    summary: "look into an environment's sandbox, and make drift or faults",
    group: "Tools",
    subcommands: [
      {
        usage: "list <environment>",
        summary: "list what exists in the sandbox",
        group: "Tools",
        arguments: ENVIRONMENT,
        examples: ["groundplane sandbox list dev"],
        load: async () => (await import("./commands/sandbox.ts")).list,
      },
      {
        usage: "get <environment> <id>",
        summary: "show one resource as JSON",
        group: "Tools",
        arguments: SANDBOX_ID,
        examples: ["groundplane sandbox get dev vpc-0123456789abcdef0"],
        load: async () => (await import("./commands/sandbox.ts")).get,
      },
      {
        usage: "set <environment> <id> <path> <json>",
        summary: "change a property behind Pulumi's back: drift",
        group: "Tools",
        arguments: { ...SANDBOX_ID, path: "path of a property: tags.Owner", json: "its new value as JSON" },
        examples: ["groundplane sandbox set dev vpc-0123456789abcdef0 tags.Owner '\"nobody\"'"],
        load: async () => (await import("./commands/sandbox.ts")).set,
      },
      {
        usage: "remove <environment> <id>",
        summary: "remove a resource behind Pulumi's back",
        group: "Tools",
        arguments: SANDBOX_ID,
        examples: ["groundplane sandbox remove dev vpc-0123456789abcdef0"],
        load: async () => (await import("./commands/sandbox.ts")).remove,
      },
      FAULTS,
    ],
  },
  WEBHOOKS,
  {
    usage: "env <environment>",
    summary: "print the variables with which plain `pulumi` sees an environment",
    group: "Tools",
    arguments: ENVIRONMENT,
    examples: ['eval "$(groundplane env dev)" && cd stacks/network && pulumi stack ls'],
    load: async () => (await import("./commands/env.ts")).env,
  },
  {
    usage: "completion <shell>",
    summary: "print a completion script for bash, zsh or fish",
    group: "Tools",
    arguments: { shell: "bash, zsh or fish" },
    examples: [
      "source <(groundplane completion bash)",
      "groundplane completion fish > ~/.config/fish/completions/groundplane.fish",
    ],
    load: async () => (await import("./commands/completion.ts")).completionOf(COMMANDS, COMMON_OPTIONS),
  },
];

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandDefinition[] = [...START, ...CHANGE, ...DECIDE, ...LOOK, ...TOOLS];

/** Options of every command. */
export const COMMON_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--json", about: "print one JSON document on standard output" },
  { flags: "--no-color", about: "print without colours, as NO_COLOR does" },
  { flags: "--project <folder>", about: "folder in or below the project (default: this one)" },
];
