// The examples of docs/break-glass-role.md, compared verbatim, compiled and run by `component-pages.test.ts`.
import { AuditTrail, BreakGlassRole } from "../index.ts";

const tags = { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" };
const topic = { topicArn: "arn:aws:sns:eu-central-1:123456789012:on-call" };

export function start(): BreakGlassRole {
  const audit = new AuditTrail("break-glass-audit", { preset: "dev", tags });
  // #region start
  const breakGlass = new BreakGlassRole("break-glass", {
    principalArns: ["arn:aws:iam::123456789012:user/ann", "arn:aws:iam::123456789012:user/bob"],
    topic,
    auditLogs: audit,
    tags: { Environment: "dev", Project: "shop", Owner: "platform", ManagedBy: "groundplane" },
  });
  // #endregion
  return breakGlass;
}
