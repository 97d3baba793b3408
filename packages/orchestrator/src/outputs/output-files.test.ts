import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import type { JsonValue, OutputsArtifact } from "@groundplane/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toDeclarations, toDotenv } from "./output-files.ts";

const artifact = (
  values: OutputsArtifact["values"],
  secrets: OutputsArtifact["secrets"] = {},
  sandbox = false,
): OutputsArtifact => ({
  schema: "groundplane.dev/outputs/v1",
  project: "shop",
  stack: "network",
  environment: "dev",
  sandbox,
  version: 3,
  run: "run-20261121-050000-a1b2c3",
  exportedAt: "2026-11-21T05:00:00.000Z",
  values,
  secrets,
  contentDigest: `sha256:${"a".repeat(64)}`,
});

const dotenvOf = (value: JsonValue): string | undefined =>
  parseEnv(toDotenv(artifact({ value })))["NETWORK_VALUE"];

describe("toDotenv", () => {
  test("names each value by stack and output, and reads back", () => {
    const text = toDotenv(
      artifact({ vpcId: "vpc-1", subnetIDs: ["a", "b"], count: 3, open: false, none: null }),
    );
    expect(text).toContain("NETWORK_VPC_ID=vpc-1\n");
    expect(parseEnv(text)).toEqual({
      NETWORK_VPC_ID: "vpc-1",
      NETWORK_SUBNET_IDS: '["a","b"]',
      NETWORK_COUNT: "3",
      NETWORK_OPEN: "false",
      NETWORK_NONE: "null",
    });
  });

  test("says whose it is, and that a sandbox's values are of no cloud", () => {
    const [first] = toDotenv(artifact({})).split("\n");
    expect(first).toBe("# Outputs of stack network in dev, version 3, by run-20261121-050000-a1b2c3.");
    expect(toDotenv(artifact({}, {}, true))).toMatch(/^# .*SANDBOX/);
  });

  test("names a secret in a comment and gives its reference, no value", () => {
    const text = toDotenv(artifact({}, { apiToken: { reference: "pulumi://network/dev/apiToken" } }));
    expect(text).toContain("# NETWORK_API_TOKEN is secret: pulumi://network/dev/apiToken");
    expect(parseEnv(text)).toEqual({});
  });

  test.each([
    "",
    " padded ",
    "a b",
    "#no comment",
    'say "hi"',
    "it's",
    "$HOME",
    "`id`",
    "C:\\new",
    "a\nb",
    "a=b",
    "\\",
  ])("text %j reads back as it was", (value) => {
    expect(dotenvOf(value)).toBe(value);
  });

  test("any text reads back as it was, or is left out with a word on where it is", () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom("'", '"', "\\", "$", "\n", "\r", "`", "#", "=", " ", "a"),
        maxLength: 12,
      }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const read = dotenvOf(value);
        if (read === undefined) {
          expect(value).toMatch(/['\r]/);
          expect(toDotenv(artifact({ value }))).toMatch(/^# NETWORK_VALUE .*JSON/m);
        } else expect(read).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  test("any structure reads back as it was", () => {
    const structure = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(structure, (value) => {
        const json: JsonValue = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(dotenvOf(json) ?? "nothing")).toEqual(json);
      }),
      { numRuns: 1000 },
    );
  });

  test("no value begins a line of its own that is taken for another variable", () => {
    const text = toDotenv(artifact({ a: "x\nNETWORK_B=stolen", b: "mine" }));
    expect(parseEnv(text)).toEqual({ NETWORK_A: "x\nNETWORK_B=stolen", NETWORK_B: "mine" });
  });

  test("a shell that sources it runs nothing and reads the same", () => {
    const values = {
      a: "$(echo run)",
      b: "`echo run`",
      c: "a'b",
      d: ["it's", '"', "$x"],
      e: "C:\\n",
      f: "x\ny",
    };
    const shell = 'set -a; eval "$1"; exec "$0" -e "process.stdout.write(JSON.stringify(process.env))"';
    const env: unknown = JSON.parse(
      execFileSync("/bin/sh", ["-c", shell, process.execPath, toDotenv(artifact(values))].filter(Boolean), {
        encoding: "utf8",
      }),
    );
    expect(env).toMatchObject({
      NETWORK_A: values.a,
      NETWORK_B: values.b,
      NETWORK_C: values.c,
      NETWORK_E: values.e,
      NETWORK_F: values.f,
    });
    expect(env).toHaveProperty("NETWORK_D", expect.stringContaining('\\"'));
  });
});

describe("toDeclarations", () => {
  const values = {
    vpcId: "vpc-1",
    zones: ["a", "b"],
    mixed: [1, "x", null],
    none: [],
    nested: { port: 443, "odd name": true, deep: [{ a: 1 }] },
    empty: {},
    nothing: null,
    "odd-name": false,
  };
  const secrets = { token: { reference: "pulumi://network/dev/token" } };

  test("says what each value is", () => {
    expect(toDeclarations(artifact(values, secrets)).split("\n")).toEqual([
      "// Outputs of stack network in dev, version 3, by run-20261121-050000-a1b2c3.",
      "export interface OutputValues {",
      '  readonly "vpcId": string;',
      '  readonly "zones": readonly (string)[];',
      '  readonly "mixed": readonly (number | string | null)[];',
      '  readonly "none": readonly never[];',
      '  readonly "nested": { readonly "port": number; readonly "odd name": boolean; readonly "deep": readonly ({ readonly "a": number })[] };',
      '  readonly "empty": Readonly<Record<string, never>>;',
      '  readonly "nothing": null;',
      '  readonly "odd-name": boolean;',
      "}",
      "export interface OutputSecrets {",
      '  readonly "token": { readonly reference: string };',
      "}",
      "export interface Outputs {",
      '  readonly stack: "network";',
      '  readonly environment: "dev";',
      "  readonly version: number;",
      "  readonly values: OutputValues;",
      "  readonly secrets: OutputSecrets;",
      "}",
      "",
    ]);
  });

  test("compiles, fits what was exported, and refuses what was not", { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "declarations-"));
    try {
      writeFileSync(join(folder, "network.d.ts"), toDeclarations(artifact(values, secrets)));
      const exported = JSON.stringify({ stack: "network", environment: "dev", version: 3, values, secrets });
      writeFileSync(
        join(folder, "use.ts"),
        `import type { Outputs } from "./network.js";
export const outputs: Outputs = ${exported};
// @ts-expect-error: no such output
outputs.values.gone;
// @ts-expect-error: it is text
export const count: number = outputs.values.vpcId;
// @ts-expect-error: a secret is a reference
export const token: string = outputs.secrets.token;
`,
      );
      const tsc = join(
        dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
        "bin",
        "tsc",
      );
      const args = [tsc, "--noEmit", "--strict", "--module", "nodenext", "use.ts"];
      expect(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" })).toBe("");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
