import fc from "fast-check";

/**
 * Property tests try the same cases each time, so that a change fails by its own fault and a failure can be had again.
 * Others: `PROPERTY_SEED=7 npm test`, with any whole number; each night another one.
 */
const seed = Number(process.env.PROPERTY_SEED ?? 20261121);
if (!Number.isInteger(seed))
  throw new Error(`PROPERTY_SEED is "${process.env.PROPERTY_SEED}", not a whole number`);
fc.configureGlobal({ seed });
