export { awsHasInput, awsInputProblems } from "./aws/aws-inputs.ts";
export { awsOperation } from "./aws/aws-operation.ts";
export { findSandboxMarks, isSandboxId, SANDBOX_ACCOUNT, SANDBOX_DOMAIN, SANDBOX_OUTPUT } from "./marks.ts";
export { type AwsSandboxOptions, awsSandbox } from "./sandbox.ts";
export { FAULT_OPERATIONS, type Fault, type FaultArgs, type FaultOperation } from "./store/fault.ts";
export { type SandboxReference, type SandboxResource, SandboxStore } from "./store/store.ts";
