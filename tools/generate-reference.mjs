#!/usr/bin/env node
// Writes docs/reference from the built packages; with --check, fails when a committed page is not current.
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ERROR_TABLE, EVENTS } from "../packages/contracts/dist/index.js";
import { apiPage } from "./reference/api-page.mjs";
import { fieldTable, rootOf, typeText } from "./reference/schema-text.mjs";
import { ROOT } from "./setup/folders.mjs";

const folder = join(ROOT, "docs", "reference");
/** @param {string} from */
const note = (from) => `<!-- Generated from ${from} by "pnpm generate": change that instead. -->`;

function errorsPage() {
  const rows = Object.entries(ERROR_TABLE).map(
    ([code, { source, exitCode, httpStatus, reason }]) =>
      `| \`${code}\` | ${source === "user" ? "the caller" : "the system"} | ${exitCode} | ${httpStatus} | ${reason} |`,
  );
  return `${note("packages/contracts/src/errors.ts")}

# Errors

Every error that Groundplane throws is a \`GroundplaneError\` with one of these codes; \`facts\` holds the offending
values as data. *The caller* mends an error by changing what was given, *the system* by looking at the machine or a
service. Where a run ends for an error, its record's \`reason\` has the code.

| code | who mends it | exit code of \`groundplane\` | HTTP status | condition reason |
|---|---|---|---|---|
${rows.join("\n")}`;
}

function eventsPage() {
  const sections = Object.entries(EVENTS).map(
    ([name, { about, data }]) =>
      `## \`${name}\`\n\n${about}\n\n${fieldTable(/** @type {import("./reference/schema-text.mjs").Schema} */ (data.toJSONSchema()))}`,
  );
  return `${note("packages/contracts/src/events.ts")}

# Events

What \`onEvent\` of an \`Orchestrator\` gets, and \`--log-format json\` of the command writes as a log record. Around
the data below, each event has \`name\`, \`at\` (UTC), \`run\`, \`stack\`, \`environment\` and \`operation\`. Secrets are masked
before an event is made.

${sections.join("\n\n")}`;
}

function schemasPage() {
  const files = globSync("packages/contracts/schemas/*.schema.json", { cwd: ROOT }).sort();
  const sections = files.map((file) => {
    const schema = rootOf(JSON.parse(readFileSync(join(ROOT, file), "utf8")));
    const body = schema.properties === undefined ? `One of: ${typeText(schema)}` : fieldTable(schema);
    return `## \`${file.split("/").at(-1)}\`\n\n[${file}](../../${file})\n\n${body}`;
  });
  return `${note("packages/contracts/schemas")}

# Schemas

The artifacts that Groundplane's parts exchange, as JSON Schema (draft 2020-12). Each is generated from a zod schema
of \`@groundplane/contracts\`, which also gives the TypeScript type. The package ships them in its folder \`schemas\`.

${sections.join("\n\n")}`;
}

/** @returns {[string, string][]} */
function apiPages() {
  const manifests = globSync(["packages/*/package.json", "policy-packs/*/package.json"], {
    cwd: ROOT,
  }).sort();
  return manifests.map((file) => {
    const { name, description, exports } = JSON.parse(readFileSync(join(ROOT, file), "utf8"));
    const entries = Object.keys(exports)
      .filter((subpath) => exports[subpath].types !== undefined)
      .map((subpath) => ({ subpath, types: join(ROOT, dirname(file), exports[subpath].types) }));
    const page = `${note(`the exports of ${dirname(file)}`)}\n\n${apiPage(name, description, entries)}`;
    return [`api/${name.split("/")[1]}.md`, page];
  });
}

const pages = new Map([
  ["errors.md", errorsPage()],
  ["events.md", eventsPage()],
  ["schemas.md", schemasPage()],
  ...apiPages(),
]);
const present = existsSync(join(folder, "api"))
  ? readdirSync(join(folder, "api")).map((file) => `api/${file}`)
  : [];
const gone = present.filter((page) => !pages.has(page));
const stale = [...pages]
  .filter(
    ([page, text]) =>
      !existsSync(join(folder, page)) || readFileSync(join(folder, page), "utf8") !== `${text}\n`,
  )
  .map(([page]) => page);

if (process.argv.includes("--check")) {
  if (stale.length + gone.length > 0) {
    console.error(
      `docs/reference: not current: ${[...stale, ...gone].join(", ")}. Run "pnpm generate" and commit the result.`,
    );
    process.exitCode = 1;
  }
} else {
  mkdirSync(join(folder, "api"), { recursive: true });
  for (const [page, text] of pages) writeFileSync(join(folder, page), `${text}\n`);
  for (const page of gone) rmSync(join(folder, page));
}
