import { verdictsOf } from "../../../../test/pack-examples.ts";
import { pack } from "../pack.ts";

/** What one rule of the pack says of one resource, each as `status: message`. */
export const verdicts = verdictsOf(pack);
