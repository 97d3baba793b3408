import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { fileArbitrary, overlayArbitrary } from "./compose.fixture.ts";
import { mergeCompose } from "./compose-merge.ts";
import { renderCompose } from "./compose-yaml.ts";

/** The specification's own: `compose-spec/README.md`. Its formats say nothing beyond what compose itself checks. */
const schema: unknown = JSON.parse(
  readFileSync(new URL("../../compose-spec/compose-spec.schema.json", import.meta.url), "utf8"),
);
if (typeof schema !== "object" || schema === null) throw new TypeError("the schema is no object");
const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

function schemaProblems(text: string): readonly string[] {
  validate(parse(text));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}

describe("the schema of the compose specification", () => {
  test("takes every file and overlay that is rendered", () => {
    fc.assert(
      fc.property(fileArbitrary, overlayArbitrary, (file, overlay) => {
        for (const one of [file, overlay, mergeCompose(file, overlay)])
          expect(schemaProblems(renderCompose(one))).toEqual([]);
      }),
    );
  }, 60_000);

  test("refuses what is no compose file", () => {
    expect(schemaProblems("services: { web: { imagge: a } }")).not.toEqual([]);
  });
});
