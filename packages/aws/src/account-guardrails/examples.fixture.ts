// The examples of docs/account-guardrails.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { AccountGuardrails } from "../index.ts";

export function start(): AccountGuardrails {
  // #region start
  const guardrails = new AccountGuardrails("guardrails", {
    preset: "dev",
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return guardrails;
}

export function production(): AccountGuardrails {
  const tags = { Environment: "prod", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
  // #region production
  const guardrails = new AccountGuardrails("guardrails", {
    regions: ["eu-central-1", "us-east-1"],
    guardDuty: false,
    off: {
      "password-policy": { reason: "nobody has a password: everyone signs in through Identity Center" },
    },
    tags,
  });
  // #endregion
  return guardrails;
}
