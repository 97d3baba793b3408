import { isGroundplaneError } from "@groundplane/contracts";

/** The code of what the work throws, or what it throws as text where that is none of ours; undefined where it comes through. */
export function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return codeOfError(error);
  }
}

/** The same of work that takes its time. */
export async function codeOfLater(work: () => Promise<unknown>): Promise<string | undefined> {
  return work().then(() => undefined, codeOfError);
}

function codeOfError(error: unknown): string {
  return isGroundplaneError(error) ? error.code : String(error);
}
