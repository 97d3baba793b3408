// The whole reference project on an account of AWS, in an environment that its config has for that: see
// docs/guide/your-own-project.md, "The reference environment on an account".
import { loadProject, Orchestrator } from "@groundplane/orchestrator";
import { expect, test } from "vitest";
import { destroyConfirmed } from "../../destroy-confirmed.ts";
import { REPOSITORY } from "../../reference-project.ts";
import { missingPlugin, noAccount } from "./account.ts";

/** Certificates, databases and services take their time there. */
const LIMIT_MS = 3 * 60 * 60_000;

const environment = process.env["GROUNDPLANE_LIVE_ENVIRONMENT"];
const noEnvironment =
  'set GROUNDPLANE_LIVE_ENVIRONMENT to an environment of groundplane.config.ts with cloud: "real"';

test("the reference environment is deployed, unchanged, without drift, and destroyed to nothing", {
  timeout: LIMIT_MS,
}, async ({ skip }) => {
  const why = noAccount ?? missingPlugin();
  if (why !== undefined) return skip(why);
  if (environment === undefined) return skip(noEnvironment);
  const project = await loadProject(REPOSITORY);
  const found = project.definition.environments.find(({ name }) => name === environment);
  expect([environment, found?.cloud, found?.approval.type]).toEqual([environment, "real", "automatic"]);

  const request = { environment, requester: "live-test" };
  const orchestrator = await Orchestrator.open({ project });
  try {
    try {
      const first = await orchestrator.deployEnvironment(request);
      expect([...first.skipped]).toEqual([]);
      for (const { stack, outcome, reason } of first.runs.values())
        expect([stack, outcome, reason?.message]).toEqual([stack, "applied", undefined]);
      const second = await orchestrator.deployEnvironment(request);
      for (const { stack, outcome } of second.runs.values())
        expect([stack, outcome]).toEqual([stack, "unchanged"]);
      const { stacks } = await orchestrator.driftEnvironment({ environment });
      for (const one of stacks)
        expect([one.stack, "report" in one ? one.report.items : String(one.error)]).toEqual([one.stack, []]);
    } finally {
      const last = (await destroyConfirmed(orchestrator, request)).at(-1) ?? [];
      for (const { stack, outcome, reason, findings } of last)
        expect([stack, outcome, reason?.message, findings.map(({ message }) => message)]).toEqual([
          stack,
          expect.stringMatching(/^(applied|unchanged)$/),
          undefined,
          expect.anything(),
        ]);
    }
  } finally {
    await orchestrator.close();
  }
});
