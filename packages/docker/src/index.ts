export {
  type ComposeFile,
  type ComposeFileArgs,
  type ComposeOverlay,
  composeFile,
} from "./compose/compose-file.ts";
export { mergeCompose } from "./compose/compose-merge.ts";
export {
  type DevelopmentOptions,
  developmentOverlay,
  productionOverlay,
  securityOverlay,
} from "./compose/compose-overlays.ts";
export type {
  ComposeBytes,
  ComposeDuration,
  ComposeMount,
  ComposePort,
  ComposeService,
  ComposeServiceOverlay,
  ComposeUser,
} from "./compose/compose-service.ts";
export { parseCompose, renderCompose } from "./compose/compose-yaml.ts";
export { type HardenedComposeFile, hardenedCompose } from "./compose/hardened-compose.ts";
export {
  ComposeProject,
  type ComposeProjectArgs,
  type ComposeProjectNodes,
} from "./compose-project/compose-project.ts";
export {
  type ComposeProjectOptions,
  type ComposeProjectPlan,
  type DataFolder,
  planComposeProject,
  type SecretFile,
} from "./compose-project/project-plan.ts";
export { isPinnedByDigest, type PinnedImage } from "./image/image-reference.ts";
export type {
  MattermostAdmin,
  MattermostBot,
  MattermostTeam,
} from "./mattermost-host/mattermost-accounts.ts";
export type { MattermostBackup } from "./mattermost-host/mattermost-backup.ts";
export type { ServiceLimits } from "./mattermost-host/mattermost-compose.ts";
export {
  MattermostHost,
  type MattermostHostArgs,
  type MattermostHostNodes,
} from "./mattermost-host/mattermost-host.ts";
export {
  type MattermostOptions,
  type MattermostPlan,
  planMattermost,
} from "./mattermost-host/mattermost-plan.ts";
export { type MachineProblem, preflightMattermost } from "./mattermost-host/preflight.ts";
export {
  type PlannedSetup,
  type PublishedPort,
  type PublishedPortsOptions,
  planPublishedPorts,
} from "./published-ports/published-ports.ts";
