// JavaScript, since the engine's runner puts an old ts-node before a .ts entry; what it imports is left to Node.
import { toPulumiPack } from "@groundplane/policy/pulumi";
import { pack } from "./src/pack.ts";

toPulumiPack(pack);
