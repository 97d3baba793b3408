import { type ChangeSet, type Finding, nameOfUrn } from "@groundplane/contracts";
import type { EngineDiagnostic } from "../engine/engine-request.ts";
import type { StackState } from "../engine/stack-state.ts";
import { OWN_PACK } from "../policy/own-pack.ts";

interface Refusal {
  readonly urn: string;
  readonly operation: "delete" | "replace";
}

/** The engine's words where a delete is refused (pkg/resource/deploy/step.go). */
const DELETE = /^(?:Preview failed: )?resource "(.+)" cannot be deleted\s+because it is protected/;
/** Where a replacement is, of a resource or of what goes with it (pkg/resource/deploy/step_generator.go). */
const REPLACE =
  /^(?:Preview failed: )?unable to replace resource "(.+?)"\s+as (?:part of replacing ".+?" as )?it is currently marked for protection/;

/** What an error of the engine says was not planned, as it is protected; undefined for any other error. */
function refusalOf({ message }: EngineDiagnostic): Refusal | undefined {
  const [, deleted] = DELETE.exec(message) ?? [];
  if (deleted !== undefined) return { urn: deleted, operation: "delete" };
  const [, replaced] = REPLACE.exec(message) ?? [];
  return replaced === undefined ? undefined : { urn: replaced, operation: "replace" };
}

/** Whether a preview failed for nothing but protection: then it is the guard's to tell. */
export function failedByProtection(errors: readonly EngineDiagnostic[]): boolean {
  return errors.length > 0 && errors.every((error) => refusalOf(error) !== undefined);
}

/** The engine leaves out of a destroy what a protected resource needs: there the state tells of all. */
function lostIn(
  { operation, changes }: ChangeSet,
  state: Pick<StackState, "resources">,
  errors: readonly EngineDiagnostic[],
): readonly Refusal[] {
  if (operation === "destroy")
    return state.resources.flatMap(({ urn, protect }) =>
      protect === true ? [{ urn, operation: "delete" as const }] : [],
    );
  const planned = changes.flatMap(({ urn, operation: does, protect }) =>
    protect && (does === "delete" || does === "replace") ? [{ urn, operation: does }] : [],
  );
  // What is replaced only because something else is may be missing from what was planned.
  const told = errors.flatMap((error) => refusalOf(error) ?? []);
  return [...planned, ...told.filter(({ urn }) => planned.every((change) => change.urn !== urn))];
}

/** Each protected resource that the change would delete or replace. A confirmation does not help: there is no override. */
export function guardProtection(
  changeSet: ChangeSet,
  state: Pick<StackState, "resources">,
  errors: readonly EngineDiagnostic[],
): readonly Finding[] {
  const { environment, stack } = changeSet;
  return lostIn(changeSet, state, errors).map(({ urn, operation }) => ({
    rule: "protected-resource",
    title: "A protected resource is not deleted",
    severity: "critical",
    enforcement: "mandatory",
    status: "violation",
    urn,
    message: `${nameOfUrn(urn)} is protected, and the change would ${operation} it`,
    remedy: `There is no override. Take its \`protect\` off, in the program or by the config key of "${stack}" that sets it, deploy that alone (groundplane deploy ${environment} ${stack}), then ask again.`,
    source: "Product rule: data is sacred; operating manual, section 9, Never",
    pack: OWN_PACK,
    foundBy: "data-guard",
  }));
}
