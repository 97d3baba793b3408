import { readFileSync } from "node:fs";
import { definePack, type Pack } from "@groundplane/policy";
import { AWS_RULES } from "./rules.ts";

// Seen alike from src, from dist, and from the bundle beside it.
const manifest: { version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** What every environment on AWS asks of every stack, beyond the baseline. */
export const pack: Pack = definePack({
  name: "groundplane-aws",
  version: manifest.version,
  rules: AWS_RULES,
});
