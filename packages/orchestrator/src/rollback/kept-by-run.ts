import type { RunContext } from "../pipeline/run-context.ts";
import { type KeptTexts, keepProgram, keepReturnPoint } from "./return-point.ts";

/**
 * What a run keeps so that it can be returned to: the program and settings that it works with.
 *
 * @throws {STACK_INVALID} when the program cannot be bundled.
 */
export async function keepFor({ project, stack, files, returnPoint }: RunContext): Promise<KeptTexts> {
  return returnPoint === undefined ? keepProgram(project.root, stack, files) : keepReturnPoint(returnPoint);
}
