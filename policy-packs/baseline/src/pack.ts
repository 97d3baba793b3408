import { readFileSync } from "node:fs";
import { definePack, type Pack } from "@groundplane/policy";
import { encryptionAtRest } from "./rules/encryption-at-rest.ts";
import { noOpenIngress } from "./rules/no-open-ingress.ts";
import { noPlainSecrets } from "./rules/no-plain-secrets.ts";
import { pinnedImages } from "./rules/pinned-images.ts";
import { requiredTags } from "./rules/required-tags.ts";
import { singleEnvironment } from "./rules/single-environment.ts";

// Seen alike from src, from dist, and from the bundle beside it.
const manifest: { version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** The baseline: what every environment asks of every stack. */
export const pack: Pack = definePack({
  name: "groundplane-baseline",
  version: manifest.version,
  rules: [requiredTags, noPlainSecrets, pinnedImages, noOpenIngress, encryptionAtRest, singleEnvironment],
});
