export type { MachineConnection, TrustOnFirstUse } from "./machine-connection.ts";
