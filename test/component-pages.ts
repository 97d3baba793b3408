import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
  type AnyEffects,
  type ArgumentChange,
  type ArgumentEffect,
  effectsOf,
  type SeenEffect,
  seenEffect,
} from "./argument-effects.ts";
import { blocksOf, changeRows, regionsOf } from "./page-examples.ts";
import { type Compute, record } from "./recording-mocks.ts";

export interface ComponentPages {
  /** The package's folder. */
  readonly folder: "aws" | "libvirt";
  /** What a cloud gives to everything, and components read. @default - nothing */
  readonly computed?: Compute;
  /** What a change means to whoever runs the thing, for a column of its own. @default - there is none */
  readonly meaning?: (seen: SeenEffect) => string;
}

type Example = () => pulumi.ComponentResource;
const isExample = (value: unknown): value is Example => typeof value === "function";

function written(effect: ArgumentEffect): string {
  if ("refused" in effect) return `refused: ${effect.refused}`;
  const did = Object.entries(effect).map(
    ([verb, roles]) => `${verb} ${roles.map((role) => `\`${role}\``).join(", ")}`,
  );
  return did.length === 0 ? "nothing in the cloud" : did.join("; ");
}

function value(given: unknown): string {
  if (given === undefined) return "left out";
  const text = JSON.stringify(given);
  return text.length > 60 ? "another" : `\`${text.replaceAll("|", "\\|")}\``;
}

/** Rows of the page's table, as the formatter leaves them but for the padding. */
async function rowsOf(effects: AnyEffects, meaning: ComponentPages["meaning"]): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const [argument, changes] of Object.entries(effects.changes)) {
    for (const change of [changes].flat()) {
      const cells = [`\`${argument}\``, value(change.to), written(change.effect)];
      // One after the other: one component is recorded at a time.
      if (meaning !== undefined) cells.push(meaning(await seenEffect(effects, argument, change)));
      rows.push(`| ${cells.join(" | ")} |`);
    }
  }
  return rows;
}

function withRows(page: string, rows: readonly string[], meaning: ComponentPages["meaning"]): string {
  const [before = "", section = ""] = page.split(/(?<=## What a change does\n)/);
  const [own = "", ...after] = section.split(/^(?=## )/m);
  const text = own.split("\n").filter((line) => !line.startsWith("|"));
  const columns = ["argument", "changed to", "what happens", ...(meaning === undefined ? [] : ["so"])];
  const head = [`| ${columns.join(" | ")} |`, `|${" --- |".repeat(columns.length)}`];
  const table = [...head, ...rows].join("\n");
  return [before, "\n", table, "\n\n", text.join("\n").trim(), "\n\n", ...after]
    .join("")
    .replaceAll(/\n{3,}/g, "\n\n");
}

/** The tests of a package's pages, one for each component, each of the folder with its name. */
export function testComponentPages({ folder, computed = () => ({}), meaning }: ComponentPages): void {
  const at = (path: string): URL => new URL(`../packages/${folder}/${path}`, import.meta.url);
  const read = (path: string): string => readFileSync(at(path), "utf8");
  const components = readdirSync(at("docs")).map((file) => file.replace(/\.md$/, ""));

  describe.each(components)("docs/%s.md", async (component) => {
    const page = read(`docs/${component}.md`);
    const fixture = read(`src/${component}/examples.fixture.ts`);
    const regions = regionsOf(fixture);
    const examples = Object.entries<unknown>(await import(at(`src/${component}/examples.fixture.ts`).href));
    const { computedExamples, compute } = await effectsOf(component, folder);

    test("shows the compiled examples, all of them and no others", () => {
      expect(blocksOf(page).toSorted()).toEqual(regions.toSorted());
    });

    test("says what it costs and how to go back", () => {
      for (const heading of ["## What a change does", "## Cost", "## Going back"])
        expect(page).toContain(heading);
    });

    test.each(examples)("has an example that is valid: %s", async (_, example) => {
      if (!isExample(example)) throw new TypeError("an example is a function that returns a component");
      const { resources } = await record(() => example(), computedExamples === true ? compute : computed);
      expect(resources.length).toBeGreaterThan(1);
    });

    test("is of a component whose every argument's change is known", () => {
      expect(existsSync(at(`src/${component}/argument-effects.fixture.ts`))).toBe(true);
    });
  });

  describe.each(components)("changing an argument of %s", async (component) => {
    const effects = await effectsOf(component, folder);
    const changes = Object.entries(effects.changes).flatMap(([argument, some]) =>
      [some].flat().map((change): [string, ArgumentChange<unknown>] => [argument, change]),
    );

    test.each(changes)("does what is said: %s to $to", async (argument, change) => {
      const { effect, losses } = await seenEffect(effects, argument, change);
      expect(effect).toEqual(change.effect);
      // What would lose data is said, so that it is in the table; the pipeline's guard asks for each by name.
      const said = "refused" in effect ? [] : [...(effect.replaces ?? []), ...(effect.deletes ?? [])];
      expect(said).toEqual(expect.arrayContaining(Object.keys(losses)));
    });

    // `GROUNDPLANE_WRITE_PAGES=1` writes the rows that the page should have.
    // Each row builds the component twice.
    test("is on its page", { timeout: 30_000 }, async () => {
      const wanted = await rowsOf(effects, meaning);
      const page = `docs/${component}.md`;
      if (process.env["GROUNDPLANE_WRITE_PAGES"] === "1")
        writeFileSync(at(page), withRows(read(page), wanted, meaning));
      expect(changeRows(read(page))).toEqual(wanted);
    });
  });
}
