export { AgentHost, type AgentHostNodes } from "./agent-host/agent-host.ts";
export type { AgentHostArgs, AgentSecrets } from "./agent-host/agent-host-args.ts";
export {
  DEVELOPMENT_TOOLS,
  type DevelopmentProfile,
  type DevelopmentTool,
} from "./agent-host/development-profile.ts";
export { BaseImage, type BaseImageNodes, type BaseImageRef } from "./base-image/base-image.ts";
export type { BaseImageArgs, ImageSource } from "./base-image/base-image-args.ts";
export { isBaseVolumeName } from "./base-image/base-volume-name.ts";
export {
  type FlowsToProveOptions,
  type FlowToProve,
  flowsBetween,
  flowsToProve,
} from "./connectivity/allowed-flows.ts";
export {
  type Connectivity,
  type ConnectivityFlow,
  connectivitySchema,
  type Endpoint,
  type Party,
  parseConnectivity,
} from "./connectivity/connectivity.ts";
export {
  brokenFlows,
  type ConnectivityReport,
  connectivityProblem,
  type UntriedSource,
} from "./connectivity/connectivity-report.ts";
export { firewallRules, type IngressRule } from "./connectivity/firewall-rules.ts";
export {
  DASHBOARD_PORT,
  FLEET_FLOWS,
  type FleetParties,
  fleetConnectivity,
  INFERENCE_PORT,
  MATTERMOST_PORT,
} from "./connectivity/fleet-connectivity.ts";
export type { Seen } from "./connectivity/probe-script.ts";
export {
  type NoWay,
  type ProofProgress,
  type ProveConnectivityOptions,
  proveConnectivity,
  type WaysIn,
} from "./connectivity/prove-connectivity.ts";
export {
  type FlowProof,
  type ProveFlowsOptions,
  proveFlows,
  type RunOn,
} from "./connectivity/prove-flows.ts";
export type { UntriedRow } from "./connectivity/untried-rows.ts";
export { withProbes } from "./connectivity/with-probes.ts";
export { DiskBackup, type DiskBackupNodes } from "./disk-backup/disk-backup.ts";
export type { BackupArgs, DiskBackupArgs } from "./disk-backup/disk-backup-args.ts";
export { type FirewallOptions, firewallScripts, type MachineScripts } from "./firewall/firewall-script.ts";
export { type UfwAction, type UfwRule, ufwArguments } from "./firewall/ufw-rule.ts";
export { Fleet, type FleetNodes } from "./fleet/fleet.ts";
export type { FleetAdministration, FleetAgent, FleetArgs } from "./fleet/fleet-args.ts";
export { type FleetPlan, type FleetPlanArgs, type PlannedMachine, planFleet } from "./fleet/fleet-plan.ts";
export {
  type DeployedFleet,
  deployedFleetSchema,
  type FleetLogin,
  type HostLogin,
  type ProveFleetOptions,
  proveFleet,
  waysIntoFleet,
} from "./fleet/prove-fleet.ts";
export {
  type AnsibleInventory,
  ansibleInventory,
  ansibleInventorySchema,
} from "./fleet-inventory/ansible-inventory.ts";
export {
  hostEntries,
  INVENTORY_SCHEMA,
  type InventoryExport,
  type InventoryHost,
  type InventoryMachine,
  inventoryExportSchema,
} from "./fleet-inventory/fleet-inventory.ts";
export {
  type PrometheusTargets,
  prometheusTargets,
  prometheusTargetsSchema,
} from "./fleet-inventory/prometheus-targets.ts";
export { type SshConfigOptions, sshConfig } from "./fleet-inventory/ssh-config.ts";
export type { DeclaredCapacity } from "./hypervisor/declared-capacity.ts";
export {
  Hypervisor,
  type HypervisorNodes,
  type HypervisorRef,
  type PoolRef,
} from "./hypervisor/hypervisor.ts";
export type {
  HostCapacity,
  HostKeyCheck,
  HostPool,
  HypervisorArgs,
  LocalHypervisorConnection,
  NetworkAttachment,
  SshHypervisorConnection,
} from "./hypervisor/hypervisor-args.ts";
export type { PinnedModel } from "./inference-server/inference-script.ts";
export {
  InferenceServer,
  type InferenceServerArgs,
  type InferenceServerNodes,
} from "./inference-server/inference-server.ts";
export {
  type CloudModel,
  type LocalModel,
  type ModelRoute,
  type ModelRoutesOptions,
  modelRoutes,
} from "./inference-server/model-route.ts";
export type { PinnedDownload } from "./machine-script/pinned-download.ts";
export type { Opening } from "./opening.ts";
export type { PreflightHost } from "./preflight/preflight-host.ts";
export { type PreflightOptions, preflightHypervisors } from "./preflight/preflight-hypervisors.ts";
export type { ProbeHost } from "./preflight/probe-host.ts";
export { CloudInitDisk, type CloudInitDiskArgs } from "./resources/cloud-init-disk.ts";
export { Combustion, type CombustionArgs } from "./resources/combustion.ts";
export {
  Domain,
  type DomainArgs,
  type DomainBootDevice,
  type DomainBootDeviceArgs,
  type DomainConsole,
  type DomainConsoleArgs,
  type DomainCpu,
  type DomainCpuArgs,
  type DomainDisk,
  type DomainDiskArgs,
  type DomainFilesystem,
  type DomainFilesystemArgs,
  type DomainGraphics,
  type DomainGraphicsArgs,
  type DomainNetworkInterface,
  type DomainNetworkInterfaceArgs,
  type DomainNvram,
  type DomainNvramArgs,
  type DomainTpm,
  type DomainTpmArgs,
  type DomainVideo,
  type DomainVideoArgs,
  type DomainXml,
  type DomainXmlArgs,
} from "./resources/domain.ts";
export { Ignition, type IgnitionArgs } from "./resources/ignition.ts";
export {
  Network,
  type NetworkArgs,
  type NetworkDhcp,
  type NetworkDhcpArgs,
  type NetworkDns,
  type NetworkDnsArgs,
  type NetworkDnsForwarder,
  type NetworkDnsForwarderArgs,
  type NetworkDnsHost,
  type NetworkDnsHostArgs,
  type NetworkDnsmasqOptions,
  type NetworkDnsmasqOptionsArgs,
  type NetworkDnsmasqOptionsOption,
  type NetworkDnsmasqOptionsOptionArgs,
  type NetworkDnsSrv,
  type NetworkDnsSrvArgs,
  type NetworkRoute,
  type NetworkRouteArgs,
  type NetworkXml,
  type NetworkXmlArgs,
} from "./resources/network.ts";
export {
  Pool,
  type PoolArgs,
  type PoolSource,
  type PoolSourceArgs,
  type PoolSourceDevice,
  type PoolSourceDeviceArgs,
  type PoolTarget,
  type PoolTargetArgs,
  type PoolXml,
  type PoolXmlArgs,
} from "./resources/pool.ts";
export { Provider, type ProviderArgs } from "./resources/provider.ts";
export { Volume, type VolumeArgs, type VolumeXml, type VolumeXmlArgs } from "./resources/volume.ts";
export { macAddress } from "./virtual-machine/mac-address.ts";
export { VirtualMachine, type VirtualMachineNodes } from "./virtual-machine/virtual-machine.ts";
export type {
  CloudInitFile,
  DataDisk,
  HostEntry,
  MachineAddress,
  MachineUser,
  VirtualMachineArgs,
} from "./virtual-machine/virtual-machine-args.ts";
