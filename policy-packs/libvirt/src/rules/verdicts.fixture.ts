import type { JsonValue } from "@groundplane/contracts";
import { creationOf } from "../../../../test/pack-examples.ts";
import { pack } from "../pack.ts";

/** What one rule of the pack says of one resource, each as `status: message`. */
export async function verdicts(
  rule: string,
  type: string,
  inputs: Readonly<Record<string, JsonValue>>,
): Promise<readonly string[]> {
  const findings = await pack.review({
    changeSet: creationOf([{ type, name: "it", inputs }]),
    exemptions: [],
    today: "2026-11-21",
  });
  return findings
    .filter((finding) => finding.rule === rule)
    .map(({ status, message }) => `${status}: ${message}`);
}
