import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { blocksOf, changeRows, regionsOf } from "../../../test/page-examples.ts";
import { record } from "../../../test/recording-mocks.ts";
import { effectRows } from "./argument-effects.fixture.ts";
import { argumentEffects as composeProject } from "./compose-project/argument-effects.fixture.ts";
import { argumentEffects as mattermostHost } from "./mattermost-host/argument-effects.fixture.ts";

const at = (path: string): URL => new URL(path, import.meta.url);
const read = (path: string): string => readFileSync(at(path), "utf8");
/** The folder of each page's examples. */
const FOLDERS: Readonly<Record<string, string>> = {
  "compose-file": "compose",
  "compose-project": "compose-project",
  "mattermost-host": "mattermost-host",
};

test("every page has its examples", () => {
  const pages = readdirSync(at("../docs")).map((file) => file.replace(/\.md$/, ""));
  expect(pages.toSorted()).toEqual(Object.keys(FOLDERS).toSorted());
  for (const folder of Object.values(FOLDERS))
    expect(existsSync(at(`./${folder}/examples.fixture.ts`))).toBe(true);
});

describe.each(Object.entries(FOLDERS))("docs/%s.md", async (page, folder) => {
  const fixture = read(`./${folder}/examples.fixture.ts`);
  const examples = Object.entries<unknown>(await import(at(`./${folder}/examples.fixture.ts`).href));

  test("shows the compiled examples, all of them and no others", () => {
    expect(blocksOf(read(`../docs/${page}.md`)).toSorted()).toEqual(regionsOf(fixture).toSorted());
  });

  test.each(examples)("has an example that is valid: %s", async (_, example) => {
    if (typeof example !== "function") throw new TypeError("an example is a function");
    let made: unknown;
    const { resources } = await record(
      (options) => {
        made = example();
        return made instanceof pulumi.ComponentResource
          ? made
          : new pulumi.ComponentResource("test:Nothing", "none", {}, options);
      },
      () => ({ healthy: true }),
    );
    if (made instanceof pulumi.ComponentResource) expect(resources.length).toBeGreaterThan(1);
    else expect(made).toBeDefined();
  });
});

describe.each([
  ["compose-project", effectRows(composeProject)],
  ["mattermost-host", effectRows(mattermostHost)],
])("changing an argument of %s", (page, rows) => {
  test.each(rows.map((row) => [row.argument, row] as const))("runs what is said: %s", async (_, row) => {
    expect(await row.seen()).toEqual(row.touches);
  });

  test("is on its page", () => {
    const written = rows.map(
      ({ argument, touches }) =>
        `| \`${argument}\` | ${touches.map((role) => `\`${role}\``).join(", ") || "nothing on the machine"} |`,
    );
    expect(changeRows(read(`../docs/${page}.md`))).toEqual([...new Set(written)]);
  });
});
