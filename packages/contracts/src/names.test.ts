import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  actorSchema,
  environmentNameSchema,
  projectNameSchema,
  runIdSchema,
  sha256Schema,
  stackNameSchema,
  timestampSchema,
} from "./names.ts";

const plainNames = { projectNameSchema, stackNameSchema, environmentNameSchema };

describe.each(Object.entries(plainNames))("%s", (_title, schema) => {
  test.each(["a", "dev", "net-2", "a1", "a--b", "a".repeat(40)])("takes %s", (name) => {
    expect(schema.parse(name)).toBe(name);
  });

  test.each([
    ["is empty", ""],
    ["has 41 characters", "a".repeat(41)],
    ["holds a slash", "a/b"],
    ["holds a backslash", "a\\b"],
    ["is the folder above", ".."],
    ["begins with a dot", ".git"],
    ["begins with a dash", "-rf"],
    ["begins with two dashes", "--yes"],
    ["ends with a dash", "dev-"],
    ["begins with a digit", "1dev"],
    ["has an upper-case letter", "Dev"],
    ["holds a space", "d ev"],
    ["ends with a line break", "dev\n"],
    ["holds a NUL", "dev\0"],
    ["separates like a URN", "a::b"],
    ["has a Cyrillic look-alike", "d\u0435v"],
    ["has a full-width letter", "\uff44ev"],
    ["has a combining mark", "de\u0301v"],
    ["has a zero-width joiner", "de\u200dv"],
    ["has a dotless i", "pr\u0131d"],
    ["has a Unicode dash", "a\u2010b"],
  ])("fails when the name %s", (_why, name) => {
    expect(schema.safeParse(name).success).toBe(false);
  });

  test("takes nothing that could leave a folder, be a flag or look like another name", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })),
        (name) => {
          if (!schema.safeParse(name).success) return;
          expect(name).toMatch(/^[\x61-\x7a][\x2d\x30-\x39\x61-\x7a]{0,39}$/);
          expect(name.endsWith("-")).toBe(false);
        },
      ),
    );
  });
});

describe("actorSchema", () => {
  test.each(["alice", "alice@example.com", "bot+deploy@example.com", "A", "ci_runner-1", "a".repeat(127)])(
    "takes %s",
    (actor) => {
      expect(actorSchema.parse(actor)).toBe(actor);
    },
  );

  test.each([
    ["is empty", ""],
    ["begins with a dash", "-alice"],
    ["begins with a dot", ".alice"],
    ["holds a space", "alice bob"],
    ["holds a line break", "alice\nrun.approved"],
    ["ends with a line break", "alice\n"],
    ["holds a colour code", "alice\u001b[0m"],
    ["holds a slash", "a/b"],
    ["has a Cyrillic look-alike", "\u0430lice"],
    ["has 128 characters", "a".repeat(128)],
  ])("fails when the actor %s", (_why, actor) => {
    expect(actorSchema.safeParse(actor).success).toBe(false);
  });
});

describe("other names", () => {
  test("a run's id has one form", () => {
    expect(runIdSchema.safeParse("run-20261121-120000-a1b2c3").success).toBe(true);
    for (const id of [
      "run-20261121-120000-A1B2C3",
      "run-20261121-120000-a1b2c",
      "run-20261121-120000-a1b2c3/..",
      "../run-20261121-120000-a1b2c3",
      "run-20261121-120000-a1b2c3\n",
    ])
      expect(runIdSchema.safeParse(id).success, id).toBe(false);
  });

  test("a hash is 64 lower-case hex digits behind its name", () => {
    expect(sha256Schema.safeParse(`sha256:${"0a".repeat(32)}`).success).toBe(true);
    for (const hash of [
      "0a".repeat(32),
      `sha256:${"0A".repeat(32)}`,
      `sha256:${"0a".repeat(31)}`,
      `md5:${"0a".repeat(32)}`,
    ])
      expect(sha256Schema.safeParse(hash).success, hash).toBe(false);
  });

  test("a timestamp is UTC with milliseconds", () => {
    expect(timestampSchema.safeParse("2026-11-21T05:00:00.000Z").success).toBe(true);
    for (const time of [
      "2026-11-21T05:00:00Z",
      "2026-11-21T05:00:00.000+01:00",
      "2026-11-21",
      "2026-02-30T05:00:00.000Z",
    ])
      expect(timestampSchema.safeParse(time).success, time).toBe(false);
  });
});
