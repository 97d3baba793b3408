// npm run bench -- [figure …] [--pairs 5] [--json out.json] [--markdown out.md] [--smallest]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FIGURES, type Figure } from "./figures.ts";
import { machineFacts } from "./machine-facts.ts";
import { type FigureResult, measureFigure } from "./measure-figure.ts";
import { type BenchResult, figureTable, markdownReport } from "./report.ts";

const USAGE = `npm run bench -- [figure …] [--pairs <n>] [--json <file>] [--markdown <file>] [--smallest]
figures: ${FIGURES.map(({ id }) => id).join(", ")}; all of them when none is named.`;

function chosenFigures(names: readonly string[]): readonly Figure[] {
  const unknown = names.filter((name) => !FIGURES.some(({ id }) => id === name));
  if (unknown.length > 0) throw new RangeError(`no such figure: ${unknown.join(", ")}.\n${USAGE}`);
  return names.length === 0 ? FIGURES : FIGURES.filter(({ id }) => names.includes(id));
}

function pairsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new RangeError(`--pairs is "${text}": give a number from 1 to 999.`);
}

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      pairs: { type: "string" },
      json: { type: "string" },
      markdown: { type: "string" },
      smallest: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const chosen = chosenFigures(positionals);
  const asked = pairsOf(values.pairs);
  const at = new Date().toISOString();
  const machine = await machineFacts();
  const figures: FigureResult[] = [];
  for (const figure of chosen) {
    const pairs = asked ?? figure.pairs;
    console.log(`${figure.title} (${pairs} ${pairs === 1 ? "pair" : "pairs"})`);
    figures.push(
      await measureFigure(figure, {
        size: values.smallest ? "smallest" : "full",
        pairs,
        onPair: (number, value) => console.log(`  pair ${number}: ${value.toFixed(3)} ${figure.unit}`),
      }),
    );
    // After each figure: of an hour's work that is interrupted, the results so far are kept.
    const result: BenchResult = { schema: "groundplane.dev/bench/v1", at, machine, figures };
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
    if (values.markdown !== undefined) writeFileSync(values.markdown, markdownReport(result));
  }
  console.log(`\n${figureTable(figures).join("\n")}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = error instanceof RangeError ? 64 : 1;
}
