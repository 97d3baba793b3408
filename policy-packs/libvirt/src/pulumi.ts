// What PulumiPolicy.yaml starts, bundled into dist/pulumi.bundle.mjs.
import { toPulumiPack } from "@groundplane/policy/pulumi";
import { pack } from "./pack.ts";

toPulumiPack(pack);
