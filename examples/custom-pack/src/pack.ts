import { definePack } from "@groundplane/policy";
import { logRetention } from "./log-retention.ts";

export const pack = definePack({
  name: "example-custom-pack",
  version: "0.1.0",
  rules: [logRetention],
  exemptions: [
    {
      rule: "log-retention",
      resource: "*::aws:cloudwatch/logGroup:LogGroup::audit-trail",
      reason: "the auditors ask for seven years",
      who: "anna@example.com",
      until: "2027-12-31",
    },
  ],
});
