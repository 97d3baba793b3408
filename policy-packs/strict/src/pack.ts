import { readFileSync } from "node:fs";
import { definePack, type Pack } from "@groundplane/policy";
import { changeRules } from "./rules/changes.ts";
import { dataKeptRules } from "./rules/data-kept.ts";
import { ownKeyRules } from "./rules/own-keys.ts";
import { redundancyRules } from "./rules/redundancy.ts";

// Seen alike from src, from dist, and from the bundle beside it.
const manifest: { version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** What production asks for, beyond what every environment does. */
export const pack: Pack = definePack({
  name: "groundplane-strict",
  version: manifest.version,
  rules: [...redundancyRules, ...dataKeptRules, ...ownKeyRules, ...changeRules],
});
