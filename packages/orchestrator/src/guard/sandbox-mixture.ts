import { GroundplaneError, SANDBOX_OUTPUT } from "@groundplane/contracts";
import type { EnvironmentDefinition } from "../define/environment.ts";
import type { StackState, StateResource } from "../engine/stack-state.ts";

const isMarked = (resource: StateResource): boolean => Object.hasOwn(resource.outputs ?? {}, SANDBOX_OUTPUT);

/**
 * Refuses a state that is not of the environment's kind: a sandbox's resources in a real environment, or a real
 * cloud's in a sandbox.
 *
 * @throws {STATE_KIND_MISMATCH} naming one of them.
 */
export function refuseMixedState(environment: EnvironmentDefinition, state: StackState): void {
  const { cloud, name } = environment;
  const foreign =
    cloud === "real"
      ? state.resources.find(isMarked)
      : state.resources.find(
          (resource) =>
            resource.custom === true &&
            cloud.clouds.some((prefix) => resource.type.startsWith(`${prefix}:`)) &&
            !isMarked(resource),
        );
  if (foreign === undefined) return;
  throw new GroundplaneError(
    "STATE_KIND_MISMATCH",
    cloud === "real"
      ? `environment "${name}" is real, and its state holds ${foreign.urn}, which is of a sandbox. Point its backend elsewhere; nothing was changed.`
      : `environment "${name}" is a sandbox, and its state holds ${foreign.urn}, which no sandbox made. Point its backend elsewhere; nothing was changed.`,
    { facts: { environment: name, urn: foreign.urn } },
  );
}
