import type { StackState } from "../engine/stack-state.ts";

/** Operations that the state says were begun and not ended, and what a person does about them. */
export function untoldOperations({ pendingOperations }: Pick<StackState, "pendingOperations">): string {
  const operations = pendingOperations.map(({ type, urn }) => `${type} ${urn}`).join(", ");
  return `the engine never told how this went: ${operations}. Look whether it is there. If it is, import it; if not, clear the mark with \`pulumi refresh --clear-pending-creates\`.`;
}
