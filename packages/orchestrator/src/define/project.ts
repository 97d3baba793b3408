import { GroundplaneError, projectNameSchema } from "@groundplane/contracts";
import {
  parseWebhooks,
  type WebhookDefinition,
  type WebhookOptions,
} from "../webhooks/webhook-definition.ts";
import type { EnvironmentDefinition } from "./environment.ts";

export interface ProjectOptions {
  readonly name: string;
  /** Folders of the stacks, relative to the project file. Each is a Pulumi project whose entry exports its `defineStack`. */
  readonly stacks: readonly string[];
  readonly environments: readonly EnvironmentDefinition[];
  /** Who is told of runs' changes, by signed HTTP requests. @default - nobody */
  readonly webhooks?: readonly WebhookOptions[];
}

export interface ProjectDefinition extends Omit<ProjectOptions, "webhooks"> {
  readonly groundplane: "project";
  readonly webhooks: readonly WebhookDefinition[];
}

/**
 * Defines a project: the default export of `groundplane.config.ts`.
 *
 * @throws {INVALID_NAME} when the name is not lower-case letters, digits and dashes.
 * @throws {PROJECT_INVALID} when it has no stacks, two environments share a name, or a webhook is not in order.
 */
export function defineProject(options: ProjectOptions): ProjectDefinition {
  if (!projectNameSchema.safeParse(options.name).success) {
    throw new GroundplaneError(
      "INVALID_NAME",
      `"${options.name}" is no project name: use lower-case letters, digits and dashes, at most 40.`,
      { facts: { value: options.name } },
    );
  }
  if (options.stacks.length === 0) {
    throw new GroundplaneError(
      "PROJECT_INVALID",
      `project "${options.name}" has no stacks, so there is nothing that it could deploy: add a stack's folder.`,
      { facts: { project: options.name } },
    );
  }
  const names = options.environments.map((environment) => environment.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new GroundplaneError(
      "PROJECT_INVALID",
      `two environments are named "${twice}": rename one of them.`,
      {
        facts: { environment: twice },
      },
    );
  }
  return { groundplane: "project", ...options, webhooks: parseWebhooks(options.webhooks ?? [], names) };
}

export function isProjectDefinition(value: unknown): value is ProjectDefinition {
  return (
    typeof value === "object" && value !== null && "groundplane" in value && value.groundplane === "project"
  );
}
