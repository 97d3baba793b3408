import type { Exemption } from "@groundplane/contracts";

/** The stack that a pattern names before its first star; undefined where it may be any. */
function stackNamedBy(resource: string): string | undefined {
  return /^urn:pulumi:[^*:]+::([^*:]+)::/.exec(resource)?.[1];
}

/** Exemptions that a stack's resources may need. One that names another stack would be told as unused with every run. */
export function exemptionsOfStack(exemptions: readonly Exemption[], stack: string): readonly Exemption[] {
  return exemptions.filter(({ resource }) => (stackNamedBy(resource) ?? stack) === stack);
}
