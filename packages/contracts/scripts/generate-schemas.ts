// Writes schemas/*.schema.json from the zod schemas; with --check, fails when a committed one is not current.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as contracts from "@groundplane/contracts";
import { z } from "zod";

const folder = join(import.meta.dirname, "../schemas");
const artifacts = {
  "approval-rule": contracts.approvalRuleSchema,
  "change-set": contracts.changeSetSchema,
  cost: contracts.costEstimateSchema,
  decision: contracts.decisionSchema,
  "drift-ignore": contracts.driftIgnoreSchema,
  "drift-report": contracts.driftReportSchema,
  event: contracts.eventEnvelopeSchema,
  exemption: contracts.exemptionSchema,
  finding: contracts.findingSchema,
  "journal-entry": contracts.journalEntrySchema,
  outputs: contracts.outputsArtifactSchema,
  "pending-report": contracts.pendingReportSchema,
  "review-digest": contracts.reviewDigestSchema,
  run: contracts.runRecordSchema,
  "secret-manifest": contracts.secretManifestSchema,
  "state-backup": contracts.stateBackupSchema,
  tags: contracts.tagsSchema,
  "webhook-message": contracts.webhookMessageSchema,
} as const;

const wanted = new Map(
  Object.entries(artifacts).map(([name, schema]) => {
    const body = z.toJSONSchema(schema, { target: "draft-2020-12", io: "output" });
    const document = { ...body, $id: `https://groundplane.dev/schemas/${name}.schema.json` };
    return [`${name}.schema.json`, `${JSON.stringify(document, null, 2)}\n`];
  }),
);

mkdirSync(folder, { recursive: true });
const present = readdirSync(folder).filter((file) => file.endsWith(".schema.json"));
const stale = [
  ...[...wanted]
    .filter(([file, text]) => !present.includes(file) || readFileSync(join(folder, file), "utf8") !== text)
    .map(([file]) => file),
  ...present.filter((file) => !wanted.has(file)),
];

if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    process.stderr.write(`not current: ${stale.join(", ")}. Run "pnpm generate" and commit the result.\n`);
    process.exitCode = 1;
  }
} else {
  for (const [file, text] of wanted) writeFileSync(join(folder, file), text);
}
