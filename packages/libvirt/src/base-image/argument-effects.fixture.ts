import type { ArgumentEffects } from "../../../../test/argument-effects.ts";
import { testHost } from "../host.fixture.ts";
import type { HypervisorRef } from "../hypervisor/hypervisor.ts";
import { BaseImage } from "./base-image.ts";
import type { BaseImageArgs } from "./base-image-args.ts";

/** The hypervisor by what is other than the test's: it has a provider, which a fixture cannot make. */
type Args = Omit<BaseImageArgs, "hypervisor"> & { readonly hypervisor: Partial<HypervisorRef> };
const image = { url: "https://images.example/jammy.img", sha256: "0".repeat(64) };

/** The table of docs/base-image.md. */
export const argumentEffects: ArgumentEffects<Args> = {
  base: { hypervisor: {}, image },
  create: (args, options) =>
    new BaseImage("unit", { ...args, hypervisor: testHost(args.hypervisor) }, options),
  changes: {
    hypervisor: { to: { ssh: undefined }, effect: { refused: "INVALID_ARGUMENT" } },
    pool: [
      { to: "fast", effect: { replaces: ["volume"], updates: ["fetch"] } },
      { to: "slow", effect: { refused: "INVALID_ARGUMENT" } },
    ],
    image: [
      { to: { ...image, url: "https://mirror.example/jammy.img" }, effect: { updates: ["fetch"] } },
      { to: { ...image, sha256: "1".repeat(64) }, effect: { replaces: ["volume"], updates: ["fetch"] } },
      { to: { ...image, sha256: "1" }, effect: { refused: "INVALID_ARGUMENT" } },
    ],
    format: { to: "raw", effect: { replaces: ["volume"], updates: ["fetch"] } },
    timeoutSeconds: { to: 7200, effect: { updates: ["fetch"] } },
  },
};
