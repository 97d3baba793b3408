import type { Tags } from "@groundplane/contracts";
import type * as pulumi from "@pulumi/pulumi";
import type { LogGroupRef } from "../log-group/log-group.ts";
import type { Preset, PresetTable } from "../preset.ts";

export interface MetricsWorkspaceSize {
  /** Pulumi's `protect`: it is not deleted or replaced before that is taken off. */
  readonly protect: boolean;
}

/** What the presets set. */
export const METRICS_WORKSPACE_PRESETS: PresetTable<MetricsWorkspaceSize> = {
  dev: { protect: false },
  staging: { protect: false },
  prod: { protect: true },
};

/** Grafana beside the metrics, which reads them and CloudWatch. */
export interface GrafanaArgs {
  /** How people sign in; who may is said in the workspace itself. */
  readonly authentication: "identity-center" | "saml";
  /** `10.4`; can be raised, never lowered. @default - the newest that AWS offers when it is created */
  readonly version?: string;
}

export interface MetricsWorkspaceArgs {
  /** @default "prod" */
  readonly preset?: Preset;
  /**
   * Changing it replaces the workspace, and loses what it holds.
   *
   * @format ARN of a KMS key
   * @default - encrypted with a key that AWS owns
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Where failures of rules and of the alert manager are written. @default - nowhere */
  readonly logGroup?: Pick<LogGroupRef, "logGroupArn">;
  /** @default - none, since each of its users is charged */
  readonly grafana?: GrafanaArgs;
  /** @default - of the preset: only in prod */
  readonly protect?: boolean;
  /** Takes over a workspace that exists, with its metrics. @default - it is created */
  readonly adopt?: { readonly workspaceId: string };
  /** At least Environment, Project, Owner and ManagedBy. */
  readonly tags: Tags;
}
