import { defineRule, leaves } from "@groundplane/policy";

/** Accounts that AWS's documentation uses, which nobody has. */
const DOCUMENTATION = new Set([
  "111122223333",
  "123456789012",
  "444455556666",
  "777788889999",
  "999999999999",
]);
const ACCOUNT_IN_ARN = /\barn:aws[\w-]*:[^:\s"]*:[^:\s"]*:(\d{12}):/g;

const LAYERS = "aws:lambda/function:Function";
const withLayers = (...accounts: readonly string[]) => ({
  type: LAYERS,
  inputs: {
    role: "arn:aws:iam::000000000000:role/app",
    handler: "index.handler",
    runtime: "nodejs24.x",
    tracingConfig: { mode: "Active" },
    layers: accounts.map((account) => `arn:aws:lambda:eu-central-1:${account}:layer:shared:1`),
  },
});

/**
 * A value does not tell whether it was written down or looked up: most ARNs of a stack name its own account. What can
 * be told is an account that is not the stack's own.
 */
export const foreignAccounts = defineRule({
  id: "no-foreign-account",
  title: "A stack names no account but its own",
  severity: "medium",
  why: "An account id in the program ties every environment to one account, and stays when the account goes.",
  remedy: "Read it from the stack's config, an SSM parameter or a data source.",
  source: "Operating manual, section 4, Never Do 9",
  appliesTo: "stack",
  examples: {
    passing: [withLayers("000000000000")],
    failing: [withLayers("000000000000", "210987654321")],
  },
  check({ resources }, report) {
    const named = resources.flatMap(({ urn, props }) =>
      leaves(props)
        .filter(({ unreadable }) => unreadable === undefined)
        .flatMap(({ path, value }) => accountsIn(value).map((account) => ({ urn, path, account }))),
    );
    const counts = new Map<string, number>();
    for (const { account } of named) counts.set(account, (counts.get(account) ?? 0) + 1);
    const [own] = [...counts].sort(([a, inA], [b, inB]) => inB - inA || a.localeCompare(b));
    for (const { urn, path, account } of named) {
      if (own === undefined || account === own[0]) continue;
      report(`${path} names account ${account}, where most ARNs of the stack name ${own[0]}`, { urn });
    }
  },
});

const accountsIn = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [...value.matchAll(ACCOUNT_IN_ARN)].flatMap(([, account = ""]) =>
        DOCUMENTATION.has(account) ? [] : [account],
      )
    : [];
