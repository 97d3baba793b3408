export type { MachineConnection, TrustOnFirstUse } from "./machine-connection.ts";
export { type MachineFile, MachineSetup, type MachineSetupArgs } from "./machine-setup.ts";
export {
  type PlainConnection,
  type RemoteResult,
  type RunOverSshOptions,
  runOverSsh,
} from "./run-over-ssh.ts";
