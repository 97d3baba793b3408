import { GroundplaneError } from "@groundplane/contracts";

/** The cloud says no, with the code that the real one gives. The caller throws it. */
export function refusal(code: string, message: string): GroundplaneError {
  return new GroundplaneError("SANDBOX_REFUSED", `api error ${code}: ${message}`, {
    facts: { apiError: code },
  });
}
