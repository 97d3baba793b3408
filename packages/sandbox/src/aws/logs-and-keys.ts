import { mintUuid } from "../marks.ts";
import type { TypeRule } from "../provider/cloud.ts";
import { keep, text } from "../provider/inputs.ts";
import { refusal } from "../provider/refusal.ts";
import { policyProblems } from "./iam.ts";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ALIAS = "aws:kms/alias:Alias";
// CloudWatch Logs API reference, PutRetentionPolicy.
const RETENTION_DAYS = [
  ...[
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
    3653,
  ],
];

const logGroup: TypeRule = {
  check: ({ retentionInDays }) =>
    typeof retentionInDays !== "number" || RETENTION_DAYS.includes(retentionInDays)
      ? []
      : [
          {
            property: "retentionInDays",
            reason: `${retentionInDays} is none of ${RETENTION_DAYS.join(", ")}`,
          },
        ],
  arn: ({ id }) => `log-group:${id}`,
  unique: [
    {
      of: ["name"],
      code: "ResourceAlreadyExistsException",
      message: ({ name }) => `The specified log group already exists: ${String(name)}`,
    },
  ],
  outputs: () => ({ logGroupClass: "STANDARD" }),
  remove: ({ id, previous }) => {
    if (previous?.["deletionProtectionEnabled"] === true)
      throw refusal("ValidationException", `the log group ${id} has deletion protection: turn it off first`);
  },
};

const logStream: TypeRule = {
  validate: ({ inputs, view }) => {
    const group = text(inputs, "logGroupName");
    if (group !== undefined && view.find(LOG_GROUP, group) === undefined)
      throw refusal("ResourceNotFoundException", `The specified log group does not exist: ${group}`);
  },
};

const key: TypeRule = {
  id: () => mintUuid(),
  check: (inputs) => policyProblems(inputs, "policy"),
  outputs: ({ id, previous }) => ({
    keyId: id,
    policy: keep(previous, "policy", () => '{"Version":"2012-10-17","Id":"key-default-1","Statement":[]}'),
  }),
};

const alias: TypeRule = {
  check: (inputs) => {
    const name = text(inputs, "name");
    return name === undefined || name.startsWith("alias/")
      ? []
      : [{ property: "name", reason: `"${name}": the name of a key's alias begins with alias/` }];
  },
  arn: ({ id }) => id,
  unique: [
    {
      of: ["name"],
      code: "AlreadyExistsException",
      message: ({ name }) => `An alias with the name ${String(name)} already exists`,
    },
  ],
  outputs: ({ inputs, view }) => ({
    targetKeyArn: view.owners(text(inputs, "targetKeyId") ?? "")[0]?.outputs["arn"] ?? "",
  }),
};

export const logAndKeyRules: Readonly<Record<string, TypeRule>> = {
  [LOG_GROUP]: logGroup,
  "aws:cloudwatch/logStream:LogStream": logStream,
  "aws:kms/key:Key": key,
  [ALIAS]: alias,
};
