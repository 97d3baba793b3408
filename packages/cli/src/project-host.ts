import type { ApprovalRule, GroundplaneEvent } from "@groundplane/contracts";
import type {
  Approver,
  EngineReport,
  Orchestrator,
  PluginFinding,
  Webhooks,
} from "@groundplane/orchestrator";
import type { SandboxStore } from "@groundplane/sandbox";
import type { FleetProver } from "./fleet/fleet-prover.ts";

export type WebhooksView = Pick<Webhooks, "list" | "test" | "deliver" | "skip">;

/** What the commands use of the `Orchestrator`. */
export type Pipeline = Pick<
  Orchestrator,
  | "preview"
  | "deploy"
  | "destroy"
  | "rollback"
  | "returnPoints"
  | "previewEnvironment"
  | "deployEnvironment"
  | "destroyEnvironment"
  | "resume"
  | "restore"
  | "backups"
  | "pending"
  | "settle"
  | "unlock"
  | "artifactFile"
  | "drift"
  | "driftEnvironment"
  | "driftHistory"
  | "approve"
  | "liftBudget"
  | "reviewedSet"
  | "approveEnvironment"
  | "reject"
  | "cancel"
  | "run"
  | "runs"
  | "changeSet"
  | "history"
  | "verifyJournal"
  | "outputs"
  | "outputFiles"
  | "close"
> & { readonly webhooks: WebhooksView | undefined };

export interface EnvironmentView {
  readonly name: string;
  readonly cloud: "real" | { readonly kind: "sandbox"; readonly clouds: readonly string[] };
  readonly backend:
    | { readonly type: "file"; readonly path?: string | undefined }
    | { readonly type: "s3"; readonly bucket: string };
  /** Names of its stacks. @default every stack of the project */
  readonly stacks?: readonly string[] | undefined;
  readonly policyPacks: readonly string[];
  readonly protected: boolean;
  readonly approval: ApprovalRule;
}

export interface ProjectView {
  readonly root: string;
  readonly file: string;
  readonly dataFolder: string;
  readonly definition: { readonly name: string };
  readonly stacks: ReadonlyMap<string, { readonly name: string; readonly folder: string }>;
  readonly environments: ReadonlyMap<string, EnvironmentView>;
}

/** What the commands use of a sandbox's cloud. */
export type SandboxCloudView = Pick<
  SandboxStore,
  "describe" | "get" | "set" | "remove" | "faults" | "addFault" | "clearFaults" | "close"
>;

/** A plugin that an npm package delivers, and how it stands. */
export type PluginView = Pick<PluginFinding, "status" | "why"> & {
  readonly plugin: Pick<PluginFinding["plugin"], "name" | "version" | "executable">;
};

/** A loaded project, and what can be done with it. */
export interface ProjectHandle {
  readonly project: ProjectView;
  open(options: {
    readonly onEvent?: (event: GroundplaneEvent) => void;
    readonly approver?: Approver;
  }): Promise<Pipeline>;
  /** What plain `pulumi` needs in this environment. */
  engineEnvironment(environment: string): Promise<Readonly<Record<string, string>>>;
  /** @throws {SANDBOX_INVALID} when the environment is a real one. */
  sandbox(environment: string): Promise<SandboxCloudView>;
  /** @throws {POLICY_PACK_NOT_FOUND} */
  findPolicyPack(pack: string): Promise<{ readonly version: string; readonly folder: string }>;
  /**
   * What tries a fleet's connections, as the stack in this folder has it.
   *
   * @throws {CONFIG_INVALID}
   */
  fleetProver(folder: string): Promise<FleetProver>;
  /** Plugins that the project's packages deliver; with `install` those that are not as delivered are put in place. */
  plugins(options: { readonly install: boolean }): Promise<readonly PluginView[]>;
}

/** The way from the commands to the SDK; tests give a fake. */
export interface ProjectHost {
  inspectEngines(): Promise<EngineReport>;
  load(from: string): Promise<ProjectHandle>;
}
