import { SECRET_MARK, UNKNOWN_MARK } from "@groundplane/contracts";
import { describe, expect, it } from "vitest";
import { verdicts } from "../verdicts.fixture.ts";
import { noPlainSecrets } from "./no-plain-secrets.ts";

type Inputs = Parameters<typeof verdicts>[1]["inputs"];
const judged = (inputs: Inputs) => verdicts(noPlainSecrets, { type: "any:index:Thing", inputs });

// Put together here, so that no scanner takes this file for a leak.
const random = "Zx9Kq2Lm7Rt4Vb8Nw3Yp6Hd1Fs5Gj0Ac2Qe9";
const samples: readonly (readonly [string, string])[] = [
  ["an AWS access key", `key=${"AKIA"}${"ABCDEFGHIJKLMNOP"};`],
  ["a private key", `-----BEGIN ${"RSA PRIVATE"} KEY-----\nMII`],
  ["a private key", `-----BEGIN ${"PRIVATE"} KEY-----\nMII`],
  ["a GitHub token", `${"ghp"}_${random}`],
  ["a GitLab token", `${"glpat"}-${random.slice(0, 20)}`],
  ["an npm token", `${"npm"}_${random}`],
  ["a Slack token", `${"xoxb"}-1234567890-abcdef`],
  ["a Slack webhook", `https://hooks.slack.com/${"services"}/T0001/B0001/${random.slice(0, 24)}`],
  ["a Stripe key", `${"sk"}_live_${random.slice(0, 24)}`],
  ["a Google API key", `${"AIza"}${random.slice(0, 35)}`],
  ["a JSON Web Token", `${"eyJ"}hbGciOiJIUzI1NiJ9.${"eyJ"}zdWIiOiIxMjM0In0.${random}`],
  ["a connection string with a password", `postgres://app:${random}@db.internal:5432/app`],
  ["a connection string with a password", `Server=db;User Id=app;Password=${random};`],
];

describe("no-plain-secrets", () => {
  it.each(samples)("fails when a value is %s, and does not repeat it", async (kind, value) => {
    for (const inputs of [
      { note: value },
      { list: [{ deep: value }] },
      { json: JSON.stringify([{ deep: value }]) },
    ]) {
      const found = await judged(inputs);
      expect(found).toHaveLength(1);
      expect(found[0]).toContain(`holds ${kind} in plain text`);
      expect(found[0]).not.toContain(value.slice(10));
    }
  });

  it.each(["password", "masterPassword", "DB_PASSWORD", "db-passwd", "clientSecret", "secretAccessKey"])(
    "fails when %s is plain",
    async (name) => {
      expect(await judged({ env: { [name]: "abc" } })).toEqual([
        `violation: env.${name} holds a password in plain text`,
      ]);
    },
  );

  it("fails when a token's name holds what looks random", async () => {
    expect(await judged({ apiToken: random })).toEqual([
      "violation: apiToken holds what looks like a key or token in plain text",
    ]);
  });

  it("fails when a variable's name says so beside its value", async () => {
    const environment = [
      { name: "MODE", value: "fast" },
      { name: "DB_PASSWORD", value: "abc" },
    ];
    expect(await judged({ containerDefinitions: JSON.stringify([{ environment }]) })).toEqual([
      "violation: containerDefinitions[0].environment[1].value holds a password in plain text",
    ]);
  });

  it("looks into start-up scripts in base64", async () => {
    const script = Buffer.from(`#!/bin/sh\nexport KEY=${"AKIA"}ABCDEFGHIJKLMNOP\n`).toString("base64");
    expect(await judged({ userData: script })).toEqual([
      "violation: userData holds an AWS access key in plain text",
    ]);
  });

  it.each<[string, Inputs]>([
    ["a secret", { password: SECRET_MARK }],
    ["a secret in a plain object", { env: { DB_PASSWORD: SECRET_MARK, url: SECRET_MARK } }],
    ["nothing", { password: "", adminPassword: null }],
    ["a reference", { dbPassword: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db" }],
    ["a dynamic reference", { password: "{{resolve:secretsmanager:db:SecretString:password}}" }],
    ["a switch", { manageMasterUserPassword: true, resetPassword: "true" }],
    ["a name or an id of one", { secretId: random, secretName: "db-credentials-2024", passwordLength: "32" }],
    ["an idempotency token", { creationToken: random }],
    ["a word", { authSecret: "basic-auth", token: "session" }],
    ["a public key", { publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ" }],
    [
      "a connection string without a password",
      { url: "postgres://app@db.internal/app", home: "https://a:8080/x@y" },
    ],
    ["a connection string with a placeholder", { url: "postgres://app:<password>@db.internal/app" }],
    ["an unknown of another name", { vpcId: UNKNOWN_MARK }],
  ])("passes %s", async (_what, inputs) => {
    expect(await judged(inputs)).toEqual([]);
  });

  it("is not evaluated when a password is unknown and no secret", async () => {
    expect(await judged({ password: UNKNOWN_MARK })).toEqual([
      "not-evaluated: cannot be evaluated: password is known only after the change is made",
    ]);
  });

  it("is fast on long text", async () => {
    const began = process.cpuUsage();
    await judged({
      note: "a://".repeat(50_000),
      other: "eyJ".repeat(50_000),
      third: "-----BEGIN A A ".repeat(20_000),
    });
    // Of the processor: what else the machine does is not the rule's.
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000);
  });
});
