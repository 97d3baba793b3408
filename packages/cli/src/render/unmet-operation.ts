/**
 * After a failed step the engine also says, for each step that it never began, that the plan expected it
 * (pkg/resource/deploy/plan.go): dozens of lines that hide the one that matters.
 */
export function isUnmetOperation(line: string): boolean {
  return /^(?:error: )?expected resource operations for urn:\S+ but none were seen$/.test(line.trim());
}
