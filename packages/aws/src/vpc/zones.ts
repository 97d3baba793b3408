import { GroundplaneError } from "@groundplane/contracts";

/** The places that a zone can have in the address plan. */
export const ZONE_SLOTS = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;

export type ZoneSlot = (typeof ZONE_SLOTS)[number];

/** A zone whose slot is given: a local zone, or a zone whose letter has no slot in a small VPC. */
export interface ZoneArgs {
  /** Name of the zone, such as `us-west-2-lax-1a`. */
  readonly name: string;
  /** @default the last letter of the zone's name */
  readonly slot?: ZoneSlot;
}

export interface ZonePlan {
  readonly name: string;
  readonly slot: ZoneSlot;
}

/**
 * The zones with their slots, in the order given. A zone's slot comes from its own name, so that no other zone
 * can move it.
 *
 * @throws {INVALID_ARGUMENT} no zone, not a zone's name, two regions, or two zones of one name or slot.
 */
export function planZones(zones: readonly (string | ZoneArgs)[]): readonly ZonePlan[] {
  if (zones.length === 0) {
    throw invalid('zones is empty; name the zones, such as ["eu-central-1a", "eu-central-1b"]', []);
  }
  const planned = zones.map((zone) => planZone(typeof zone === "string" ? { name: zone } : zone));
  for (const [index, zone] of planned.entries()) {
    const twin = planned
      .slice(0, index)
      .find((other) => other.name === zone.name || other.slot === zone.slot);
    if (twin?.name === zone.name)
      throw invalid(`Zone ${zone.name} is listed twice; list it once`, [zone.name]);
    if (twin !== undefined) {
      throw invalid(
        `Zones ${twin.name} and ${zone.name} both take slot ${zone.slot}; give the newer one a free slot: { name: "${zone.name}", slot: … }`,
        [twin.name, zone.name],
      );
    }
  }
  return planned;
}

/**
 * The one region of the zones. Known without asking AWS, so that names made from it are known in a preview.
 *
 * @throws {INVALID_ARGUMENT} the zones are of more than one region.
 */
export function regionOf(zones: readonly ZonePlan[]): string {
  const regions = [...new Set(zones.map((zone) => ZONE_NAME.exec(zone.name)?.[1] ?? ""))];
  const [region = ""] = regions;
  if (regions.length > 1) {
    throw invalid(`A VPC lies in one region; zones are of ${regions.join(" and ")}`, regions);
  }
  return region;
}

// us-east-1a, us-gov-west-1a, eusc-de-east-1a, and local and wavelength zones: us-west-2-lax-1a, us-east-1-wl1-bos-wlz-1.
const ZONE_NAME = /^([a-z]{2,}(?:-[a-z]+)+?-\d+)(?:[a-z]|(?:-[a-z0-9]+)+)$/;

function planZone(zone: ZoneArgs): ZonePlan {
  if (!ZONE_NAME.test(zone.name)) {
    throw invalid(`"${zone.name}" is no name of a zone; write it as eu-central-1a`, [zone.name]);
  }
  const slot = zone.slot ?? ZONE_SLOTS.find((letter) => letter === /\d([a-z])$/.exec(zone.name)?.[1]);
  if (slot === undefined) {
    throw invalid(
      `Zone ${zone.name} has no letter a to h; give it a slot: { name: "${zone.name}", slot: … }`,
      [zone.name],
    );
  }
  if (!ZONE_SLOTS.includes(slot)) {
    throw invalid(`Zone ${zone.name} has slot "${slot}"; a slot is one letter of a to h`, [zone.name]);
  }
  return { name: zone.name, slot };
}

function invalid(message: string, zones: readonly string[]): GroundplaneError {
  return new GroundplaneError("INVALID_ARGUMENT", message, { facts: { zones } });
}
