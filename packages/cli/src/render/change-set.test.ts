import picocolors from "picocolors";
import { expect, test } from "vitest";
import { changeSet, VPC_URN } from "../run.fixture.ts";
import { changeSetLines, dangerLines } from "./change-set.ts";

const plain = picocolors.createColors(false);
const created = { type: "aws:ec2/vpc:Vpc", name: "main-vpc", protect: false, holdsData: false };

test("shows each change property by property, and marks replacement, data loss and protection", () => {
  expect(changeSetLines(changeSet(), plain).join("\n")).toMatchInlineSnapshot(`
    "dev/network: 1 to create, 1 to update, 1 to replace, 1 to delete, 4 unchanged

      + create   aws:ec2:Vpc  main-vpc
          + cidrBlock: "10.0.0.0/16"
          + id: (known after apply)

      ~ update   aws:ec2:Subnet  a
          ~ tags.Owner: "ada" → "grace"
          - tags.Note: "old"
          + tags.Token: (secret)

      ± replace  aws:s3:Bucket  logs  DATA LOSS
          ~ bucket: "logs-1" → "logs-2"  # forces replacement

      - delete   aws:kms:Key  old  DATA LOSS  protected

      Outputs
          + vpcId: (known after apply)"
  `);
});

test("names replaced and deleted resources with what forces it", () => {
  expect(dangerLines(changeSet(), plain).join("\n")).toMatchInlineSnapshot(`
    "  ± replace  aws:s3:Bucket  logs  DATA LOSS  (bucket changes)
      - delete   aws:kms:Key  old  DATA LOSS  protected"
  `);
});

test("shows a created resource's inputs when the engine listed no properties, without the engine's own", () => {
  const lines = changeSetLines(
    changeSet({
      counts: { create: 1 },
      changes: [{ ...created, urn: VPC_URN, operation: "create", properties: [] }],
      planned: [
        {
          ...{ urn: VPC_URN, type: created.type, name: created.name, operation: "create", custom: true },
          inputs: { __defaults: [], cidrBlock: "10.0.0.0/16", tags: { Token: { $groundplane: "secret" } } },
        },
      ],
      outputs: [],
    }),
    plain,
  );
  expect(lines.slice(2)).toEqual([
    "  + create   aws:ec2:Vpc  main-vpc",
    '      + cidrBlock: "10.0.0.0/16"',
    "      + tags: { Token: (secret) }",
  ]);
});

test("gives long values lines of their own", () => {
  const policy = (who: string) => `{"Statement":[{"Effect":"Allow","Principal":"${who}","Action":"*"}]}`;
  const lines = changeSetLines(
    changeSet({
      changes: [
        {
          ...{ ...created, urn: VPC_URN, operation: "update" },
          properties: [
            { path: "policy", kind: "update", before: policy("a"), after: policy("b"), replaces: false },
          ],
        },
      ],
      outputs: [],
    }),
    plain,
  );
  expect(lines.slice(3)).toEqual([
    "      ~ policy:",
    `          - ${JSON.stringify(policy("a"))}`,
    `          + ${JSON.stringify(policy("b"))}`,
  ]);
});

test("keeps escape sequences out of names and values", () => {
  const lines = changeSetLines(
    changeSet({
      changes: [
        {
          ...{ ...created, name: "evil\u001b[2K\u001b[1A", urn: VPC_URN, operation: "update" },
          properties: [{ path: "a", kind: "add", after: "\u202ex", replaces: false }],
        },
      ],
      outputs: [],
    }),
    plain,
  );
  expect(lines.slice(2)).toEqual(["  ~ update   aws:ec2:Vpc  evil", '      + a: "\ufffdx"']);
});

test("says what a preview rests on that is not there yet", () => {
  const assumes = [
    { stack: "network", output: "cidr", known: true },
    { stack: "network", output: "vpcId", known: false },
  ];
  const lines = changeSetLines(changeSet({ assumes, changes: [], outputs: [] }), plain);
  expect(lines[1]).toBe("  Previewed on planned outputs of network; not known yet: network.vpcId");
});

test("says that a domain which is replaced on the same disks restarts", () => {
  const urn = "urn:pulumi:rack::fleet::libvirt:index/domain:Domain::athena";
  const type = "libvirt:index/domain:Domain";
  const inputs = { name: "athena", disks: [{ volumeId: "/images/athena" }] };
  const set = changeSet({
    changes: [
      {
        ...{ urn, type, name: "athena", operation: "replace", protect: false, holdsData: false },
        properties: [{ path: "memory", kind: "update", before: 8192, after: 16384, replaces: true }],
        was: { custom: true, inputs: { ...inputs, memory: 8192 } },
      },
    ],
    planned: [
      { urn, type, name: "athena", operation: "replace", custom: true, inputs: { ...inputs, memory: 16384 } },
    ],
  });
  const lines = ["  ± replace  libvirt:index:Domain  athena", "      the machine restarts; its disks stay"];
  expect(changeSetLines(set, plain).join("\n")).toContain(lines.join("\n"));
  expect(dangerLines(set, plain).at(1)).toBe(lines[1]);
});
