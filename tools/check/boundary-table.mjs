/**
 * Which workspace packages and Pulumi SDKs a folder may import: the table of AGENTS.md.
 *
 * @typedef {object} Row
 * @property {RegExp} folder
 * @property {readonly string[]} workspace names in our scope; "*" for all
 * @property {readonly string[]} pulumi names in Pulumi's scope; "*" for all
 * @property {readonly string[]} [only] when given, no other package at all
 */

/** @type {readonly Row[]} */
export const TABLE = [
  { folder: /^packages\/contracts$/, workspace: [], pulumi: [], only: ["zod"] },
  { folder: /^packages\/policy$/, workspace: ["contracts"], pulumi: ["pulumi", "policy"] },
  { folder: /^packages\/provider$/, workspace: ["contracts"], pulumi: ["pulumi"] },
  { folder: /^packages\/sandbox$/, workspace: ["contracts", "provider"], pulumi: ["pulumi"] },
  { folder: /^packages\/aws$/, workspace: ["contracts", "secrets"], pulumi: ["pulumi", "aws"] },
  { folder: /^packages\/secrets$/, workspace: ["contracts"], pulumi: ["pulumi"] },
  { folder: /^packages\/placement$/, workspace: ["contracts"], pulumi: [] },
  { folder: /^packages\/machine$/, workspace: ["contracts", "provider"], pulumi: ["pulumi"] },
  {
    folder: /^packages\/libvirt$/,
    workspace: ["contracts", "machine", "placement"],
    pulumi: ["pulumi"],
  },
  { folder: /^packages\/docker$/, workspace: ["contracts", "machine"], pulumi: ["pulumi"] },
  { folder: /^packages\/cost$/, workspace: ["contracts"], pulumi: [] },
  { folder: /^packages\/orchestrator$/, workspace: ["contracts", "cost"], pulumi: ["pulumi"] },
  { folder: /^packages\/cli$/, workspace: ["orchestrator", "sandbox", "placement", "contracts"], pulumi: [] },
  { folder: /^policy-packs\/[^/]+$/, workspace: ["policy", "contracts"], pulumi: ["*"] },
  {
    folder: /^stacks\/[^/]+$/,
    workspace: [
      "aws",
      "contracts",
      "docker",
      "libvirt",
      "machine",
      "orchestrator",
      "placement",
      "secrets",
      "stack-global",
      "stack-network",
      "stack-platform",
      "stack-data",
      "stack-app",
      "stack-fleet",
    ],
    pulumi: ["*"],
  },
  { folder: /^examples(\/[^/]+)?$/, workspace: ["*"], pulumi: ["*"] },
  { folder: /^test$/, workspace: ["*"], pulumi: ["*"] },
  { folder: /^bench$/, workspace: ["*"], pulumi: ["*"] },
];
