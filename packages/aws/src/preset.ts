import { checkOneOf } from "@groundplane/contracts";

const PRESETS = ["dev", "staging", "prod"] as const;

/**
 * A row of a component's table of sizes. It sets defaults and nothing else: each of them has an argument of its own,
 * which wins.
 */
export type Preset = (typeof PRESETS)[number];

/** What a component's table of sizes is: exported as data, so that callers can read it. */
export type PresetTable<Row> = Readonly<Record<Preset, Row>>;

/**
 * The row of a preset. Without one it is `prod`: what is left out errs on the safe side.
 *
 * @throws {INVALID_ARGUMENT} there is no such preset.
 */
export function presetOf<Row>(table: PresetTable<Row>, preset: Preset = "prod"): Row {
  checkOneOf("preset", preset, PRESETS);
  return table[preset];
}
