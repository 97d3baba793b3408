import type { Finding } from "@groundplane/contracts";

/** Under whose name the pipeline's own findings are. */
export const OWN_PACK: Finding["pack"] = { name: "groundplane", version: "1" };
