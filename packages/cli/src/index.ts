export { COMMANDS, COMMON_OPTIONS, type CommandDefinition, type OptionDefinition } from "./command-table.ts";
export { type MainOptions, main } from "./main.ts";
export type { ProjectHandle, ProjectHost } from "./project-host.ts";
export type { OutputStream, Terminal } from "./terminal.ts";
