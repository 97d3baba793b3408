import { GroundplaneError, type Tags, tagsSchema } from "@groundplane/contracts";

/** What a component adds to the caller's tags: `Name`, `Tier`, and one `Opening:…` for each opening. */
const RESERVED = ["Name", "Tier"];
/** AWS allows 50 tags a resource; 12 are kept for the component's own. */
const MAX_CALLER_TAGS = 38;

/**
 * Checks the tags of a component.
 *
 * @throws {INVALID_TAGS} a required tag is missing, a key or value is not allowed, there are more than 38, or a
 * key is one that the component sets.
 */
export function parseComponentTags(tags: Tags): Tags {
  const parsed = tagsSchema.safeParse(tags);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(": "));
    throw invalid(`${problems.join("; ")}. Required: Environment, Project, Owner, ManagedBy`, problems);
  }
  const keys = Object.keys(parsed.data);
  const reserved = keys.filter((key) => RESERVED.includes(key) || key.startsWith("Opening:"));
  if (reserved.length > 0) {
    throw invalid(`${reserved.join(", ")} is set by the component on each resource; leave it out`, reserved);
  }
  if (keys.length > MAX_CALLER_TAGS) {
    throw invalid(
      `${keys.length} tags given, at most ${MAX_CALLER_TAGS}: AWS allows 50 and the rest are the component's`,
      [],
    );
  }
  return parsed.data;
}

function invalid(problem: string, facts: readonly string[]): GroundplaneError {
  return new GroundplaneError("INVALID_TAGS", `The tags are not valid: ${problem}`, {
    facts: { problems: facts },
  });
}
