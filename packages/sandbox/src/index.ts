export type { CloudName } from "./cloud-list.ts";
export { findSandboxMarks, isSandboxId, SANDBOX_ACCOUNT, SANDBOX_DOMAIN, SANDBOX_OUTPUT } from "./marks.ts";
export { awsSandbox, libvirtSandbox, type SandboxOptions, sandbox } from "./sandbox.ts";
export { resourceHasInput, resourceInputProblems, resourceOperation } from "./sdk-resource.ts";
export { FAULT_OPERATIONS, type Fault, type FaultArgs, type FaultOperation } from "./store/fault.ts";
export { type SandboxReference, type SandboxResource, SandboxStore } from "./store/store.ts";
