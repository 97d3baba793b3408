import { OPENING_TAG } from "@groundplane/contracts";
import { isPropertyMap, type PropertyMap, type PropertyValue } from "./property-view.ts";

/** A safe default that a component was told to loosen. */
export interface RecordedOpening {
  /** `public-ip-on-launch` */
  readonly what: string;
  readonly reason: PropertyValue | undefined;
}

/** The openings that a resource's tags record, in the order of the tags. */
export function openingsOf(props: PropertyMap): readonly RecordedOpening[] {
  const tags = props["tags"];
  if (!isPropertyMap(tags)) return [];
  return Object.keys(tags)
    .filter((key) => key.startsWith(OPENING_TAG))
    .map((key) => ({ what: key.slice(OPENING_TAG.length), reason: tags[key] }));
}
