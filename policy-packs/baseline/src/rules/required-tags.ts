import { REQUIRED_TAGS } from "@groundplane/contracts";
import { defineRule, isPropertyMap, type PropertyMap, select } from "@groundplane/policy";
import { TAGGABLE_TYPES } from "../generated/taggable-types.ts";

export const requiredTags = defineRule({
  id: "required-tags",
  title: "Taggable resources carry Environment, Project, Owner and ManagedBy",
  severity: "medium",
  why: "Without them nobody can say whose a resource is, what it costs, and whether it may go.",
  remedy: `Set tags ${REQUIRED_TAGS.join(", ")} to non-empty values, on the resource or as defaultTags of its provider.`,
  source: "Operating manual, section 4, Always Do 8",
  appliesTo: TAGGABLE_TYPES,
  check({ props }, report) {
    const tags = new Map(tagsOf(props));
    const missing = REQUIRED_TAGS.filter((key) => !tags.has(key));
    const empty = REQUIRED_TAGS.filter((key) => tags.get(key) === "");
    if (missing.length > 0) report(`the tags ${missing.join(", ")} are missing`);
    if (empty.length > 0) report(`the tags ${empty.join(", ")} are empty`);
  },
});

// Most types take a map; aws:autoscaling/group:Group takes a list of keys and values.
function tagsOf(props: PropertyMap): readonly (readonly [string, string])[] {
  const tags = props["tags"];
  if (Array.isArray(tags)) {
    return select(props, "tags[*].key").map((key, index) => [
      String(key.value),
      text(select(props, "tags[*].value")[index]?.value),
    ]);
  }
  if (!isPropertyMap(tags)) return [];
  return REQUIRED_TAGS.filter((key) => tags[key] !== undefined).map((key) => [key, text(tags[key])]);
}

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value).trim());
