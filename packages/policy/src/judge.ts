import type { Finding } from "@groundplane/contracts";
import type { PackIdentity } from "./pack.ts";
import type { Report, Rule } from "./rule.ts";
import { UnreadableProperty } from "./unreadable-property.ts";

/** A finding, and for `not-evaluated` what stood in the way. */
export interface Judgement {
  readonly finding: Finding;
  /** `failed`: the rule itself threw. */
  readonly because?: "unknown" | "secret" | "failed";
}

/**
 * Runs one check, and turns whatever comes of it into findings: the one place where the engine's face and the
 * review's agree on a verdict.
 */
export function judge(
  rule: Rule,
  subject: { readonly pack: PackIdentity; readonly foundBy: Finding["foundBy"]; readonly urn?: string },
  run: (report: Report) => unknown,
): readonly Judgement[] {
  const judgements: Judgement[] = [];
  const { id, title, severity, enforcement, remedy, source } = rule.summary;
  const add = (finding: Pick<Finding, "status" | "message" | "remedy" | "urn">): Finding => ({
    rule: id,
    title,
    severity,
    enforcement,
    ...finding,
    ...(source === undefined ? {} : { source }),
    pack: { name: subject.pack.name, version: subject.pack.version },
    foundBy: subject.foundBy,
  });
  const urnOf = (urn = subject.urn) => (urn === undefined ? {} : { urn });

  const report: Report = (message, details = {}) => {
    const finding = add({
      status: "violation",
      message,
      remedy: details.remedy ?? remedy,
      ...urnOf(details.urn),
    });
    judgements.push({ finding });
  };
  try {
    if (run(report) instanceof Promise)
      throw new TypeError("check returned a promise; it must be synchronous");
  } catch (error) {
    judgements.push(
      error instanceof UnreadableProperty
        ? {
            because: error.because,
            finding: add({ status: "not-evaluated", ...unreadableText(error), ...urnOf() }),
          }
        : {
            because: "failed",
            finding: add({
              status: "not-evaluated",
              message: `the rule failed: ${error instanceof Error ? error.message : String(error)}`,
              remedy: `Mend the rule ${id} of ${subject.pack.name}; until then what it guards is unchecked.`,
              ...urnOf(),
            }),
          },
    );
  }
  return judgements;
}

function unreadableText(error: UnreadableProperty): { readonly message: string; readonly remedy: string } {
  return error.because === "unknown"
    ? {
        message: `cannot be evaluated: ${error.message}`,
        remedy: `Give ${error.property} a value that is known at preview, apply what it depends on first, or add an exemption.`,
      }
    : {
        message: `cannot be evaluated: ${error.message}`,
        remedy: `Do not make ${error.property} a secret when it is none, or add an exemption.`,
      };
}
