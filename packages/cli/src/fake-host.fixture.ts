import {
  GroundplaneError,
  type GroundplaneEvent,
  isGroundplaneError,
  type RunRecord,
} from "@groundplane/contracts";
import type { Approver, EngineReport, EnvironmentResult, VoidReview } from "@groundplane/orchestrator";
import type { Pipeline, ProjectHandle, ProjectHost, ProjectView, WebhooksView } from "./project-host.ts";
import {
  changeSet,
  driftReport,
  OTHER_RUN_ID,
  outputsArtifact,
  pendingReport,
  RUN_ID,
  returnPoint,
  SHA,
  stateBackups,
} from "./run.fixture.ts";

export interface FakeHostOptions {
  readonly stacks?: readonly string[];
  /** How runs end. */
  readonly run: RunRecord;
  readonly events?: readonly GroundplaneEvent[];
  /** Asks the approver before the run ends, as `deploy` does when approval is wanted. */
  readonly asks?: boolean;
  /** Runs while a deployment is under way. */
  readonly during?: (signal: AbortSignal | undefined) => void;
  readonly fails?: Error;
  /** How an environment's operation ends. @default one run, and a stack that it held back */
  readonly several?: EnvironmentResult;
  /** What waits for approval. */
  readonly waiting?: readonly RunRecord[];
  readonly voided?: readonly VoidReview[];
  readonly webhooks?: WebhooksView;
}

function signalOf(request: object): AbortSignal | undefined {
  return "signal" in request && request.signal instanceof AbortSignal ? request.signal : undefined;
}

/** A fake of the SDK: no engine and no journal. Records each call. */
export class FakeHost implements ProjectHost {
  readonly calls: { readonly method: string; readonly request: unknown }[] = [];
  readonly answers: unknown[] = [];
  closed = 0;
  readonly #options: FakeHostOptions;

  constructor(options: FakeHostOptions) {
    this.#options = options;
  }

  async inspectEngines(): Promise<EngineReport> {
    return {
      requiredVersion: "3.220.0",
      findings: [{ origin: "path", usable: false, why: "nothing is there" }],
      remedy: "Put Pulumi 3.220.0 on PATH.",
    };
  }

  async load(): Promise<ProjectHandle> {
    const stacks = this.#options.stacks ?? ["network"];
    const project: ProjectView = {
      ...{ root: "/project", file: "/project/groundplane.config.ts", dataFolder: "/project/.groundplane" },
      definition: { name: "shop" },
      stacks: new Map(stacks.map((name) => [name, { name, folder: `/project/stacks/${name}` }])),
      environments: new Map([
        [
          "dev",
          {
            ...{ name: "dev", protected: false, policyPacks: [], approval: { type: "automatic" } },
            ...{ backend: { type: "file" }, cloud: { kind: "sandbox", clouds: ["aws"] } },
          },
        ],
      ]),
    };
    return {
      project,
      open: async (options) => this.#pipeline(options),
      engineEnvironment: async () => ({
        PULUMI_HOME: "/project/with space",
        NO_COLOR: "1",
        PULUMI_BACKEND_URL: "file:///s",
      }),
      sandbox: async () => {
        throw new GroundplaneError("SANDBOX_INVALID", "the fake has no sandbox.");
      },
      findPolicyPack: async () => ({ version: "1.0.0", folder: "/pack" }),
      fleetProver: async () => {
        throw new GroundplaneError("CONFIG_INVALID", "the fake has no fleet.");
      },
      plugins: async ({ install }) => {
        this.calls.push({ method: "plugins", request: { install } });
        const plugin = { name: "acme", version: "1.2.3", executable: "/plugin.js" };
        return [
          install
            ? { plugin, status: "ready" as const, why: "as in @acme/plugin 1.0.0" }
            : { plugin, status: "missing" as const, why: "it is not in /plugins" },
        ];
      },
    };
  }

  #pipeline(options: { onEvent?: (event: GroundplaneEvent) => void; approver?: Approver }): Pipeline {
    const record = (method: string) => async (request: object) => {
      this.calls.push({ method, request });
      for (const event of this.#options.events ?? []) options.onEvent?.(event);
      this.#options.during?.(signalOf(request));
      if (this.#options.fails !== undefined) throw this.#options.fails;
      if (this.#options.asks === true) {
        const review = { run: this.#options.run, changeSet: changeSet(), digest: SHA, stateBackups };
        this.answers.push(options.approver === undefined ? "nobody" : await options.approver.decide(review));
      }
      return this.#options.run;
    };
    const several = (method: string) => async (request: object) => {
      const run = await record(method)(request);
      return (
        this.#options.several ?? {
          runs: new Map([["network", run]]),
          skipped: [{ stack: "data", reason: "failed" as const, because: "network" }],
          affected: new Map(),
          unaffected: new Map(),
        }
      );
    };
    return {
      previewEnvironment: several("previewEnvironment"),
      deployEnvironment: several("deployEnvironment"),
      destroyEnvironment: several("destroyEnvironment"),
      unlock: async (request) => {
        await record("unlock")(request);
        return [
          { pid: 1, username: "ada", hostname: "here", timestamp: "2026-01-01T00:00:00Z", holder: "gone" },
        ];
      },
      drift: async (request) => {
        await record("drift")(request);
        return driftReport({ stack: request.stack });
      },
      driftEnvironment: async (request) => {
        const names = request.stacks ?? this.#options.stacks ?? ["network"];
        const { fails } = this.#options;
        this.calls.push({ method: "driftEnvironment", request });
        // As the real one: what cannot be read is told beside the others; where nothing was compared, it throws.
        if (isGroundplaneError(fails) && fails.code === "STACK_NOT_DEPLOYED") throw fails;
        return {
          stacks: names.map((stack) =>
            fails === undefined ? { stack, report: driftReport({ stack }) } : { stack, error: fails },
          ),
        };
      },
      driftHistory: () => [driftReport()],
      resume: async (request) => [await record("resume")(request)],
      restore: record("restore"),
      backups: () => stateBackups(),
      pending: async (request) => {
        await record("pending")(request);
        return pendingReport();
      },
      settle: record("settle"),
      preview: record("preview"),
      deploy: record("deploy"),
      destroy: record("destroy"),
      rollback: record("rollback"),
      returnPoints: () => [returnPoint({ stands: true }), returnPoint({ run: OTHER_RUN_ID, next: true })],
      approve: record("approve"),
      liftBudget: record("liftBudget"),
      reviewedSet: (environment) => ({ environment, digest: SHA, runs: this.#options.waiting ?? [] }),
      approveEnvironment: async (request) => ({
        digest: request.digest,
        runs: new Map([["network", await record("approveEnvironment")(request)]]),
        skipped: [],
        voided: this.#options.voided ?? [],
        problems: new Map(),
      }),
      reject: record("reject"),
      cancel: record("cancel"),
      run: (id) => {
        if (id === RUN_ID) return this.#options.run;
        throw new GroundplaneError(
          "RUN_NOT_FOUND",
          `no run is named "${id}": "groundplane status" lists them.`,
        );
      },
      runs: () => [this.#options.run],
      artifactFile: (_run, name) => `/project/.groundplane/runs/${name}.html`,
      changeSet: () => changeSet(),
      history: () => [],
      verifyJournal: () => ({ entries: 12 }),
      outputs: () => outputsArtifact(),
      outputFiles: () => ({
        json: "/project/.groundplane/outputs/dev/network.json",
        dotenv: "/project/.groundplane/outputs/dev/network.env",
        types: "/project/.groundplane/outputs/dev/network.d.ts",
      }),
      webhooks: this.#options.webhooks,
      close: async () => {
        this.closed += 1;
      },
    };
  }
}
