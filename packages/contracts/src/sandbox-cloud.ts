/** A provider plugin that was put in place. */
export interface SandboxPlugin {
  readonly name: string;
  readonly version: string;
  /** Folder under the engine's plugin folder. */
  readonly path: string;
  /** `sha256:` over the plugin's code: part of what an approval is bound to. */
  readonly digest: string;
}

/** What an environment takes as its `cloud` when it is not a real one. `@groundplane/sandbox` makes it. */
export interface SandboxCloud {
  readonly kind: "sandbox";
  /** Provider plugins it stands in for: `aws`. */
  readonly clouds: readonly string[];
  /** Path of its SQLite file. @default - a file of the environment's own, in the project's data folder */
  readonly database?: string;
  /** Puts the plugins below `pulumiHome`; may be called by several processes at once. */
  prepare(options: { readonly pulumiHome: string; readonly database: string }): Promise<{
    /** Variables that the engine needs. */
    readonly env: Readonly<Record<string, string>>;
    readonly plugins: readonly SandboxPlugin[];
  }>;
  /** The ids and ARNs in this JSON text that only a sandbox can have made. A real environment's state must have none. */
  findMarks(json: string): readonly string[];
}

/** The output that every resource of a sandbox carries in the state, and no resource of a real cloud. */
export const SANDBOX_OUTPUT = "__sandbox";
