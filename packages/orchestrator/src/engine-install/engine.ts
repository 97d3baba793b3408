/** Version of the Pulumi engine, equal to the SDK's: between two versions plans and plugins are not promised to fit. */
export const ENGINE_VERSION = "3.220.0";

/** Where an engine came from, in the order in which they are tried. */
export const ENGINE_ORIGINS = ["env", "path", "cache", "installer", "go-build"] as const;
export type EngineOrigin = (typeof ENGINE_ORIGINS)[number];

/** What was seen at one place. */
export interface EngineFinding {
  readonly origin: EngineOrigin;
  /** Path of the program that was looked at; absent when there was nothing. */
  readonly found?: string;
  /** Version that it reported; absent when it could not be run. */
  readonly version?: string;
  readonly usable: boolean;
  /** In words: why it is taken, or why not. */
  readonly why: string;
}

/** An engine that was verified. */
export interface Engine {
  /** Absolute path of the `pulumi` program. */
  readonly path: string;
  /** Its folder: put it first on the engine's PATH, so that its own plugins are found. */
  readonly binDir: string;
  readonly version: string;
  readonly origin: EngineOrigin;
  /** Starts Node programs for a plain `pulumi up`; inline programs do without. */
  readonly languageHost?: string;
  /** Starts policy packs written for Node. */
  readonly policyShim: string;
  /** Every place that was looked at before and including this one, in order. */
  readonly tried: readonly EngineFinding[];
}

/** What goes on during an installation, which takes minutes. */
export interface EngineProgress {
  readonly step: "waiting" | "download" | "build" | "verify" | "ready";
  /** One line for a person. */
  readonly message: string;
}

export type EngineProgressListener = (progress: EngineProgress) => void;

/** `name`, as this platform calls a program. */
export function programName(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? `${name}.exe` : name;
}

/** `name`, as this platform calls a script that can be started. */
export function scriptName(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? `${name}.cmd` : name;
}
