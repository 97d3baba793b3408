import { defineRule, isPasswordName, leaves, type PropertyRef, secretKind } from "@groundplane/policy";

export const noPlainSecrets = defineRule({
  id: "no-plain-secrets",
  title: "No secret stands in a plain property",
  severity: "critical",
  why: "A plain property is in the state, in every diff and in every log; a secret there is a secret no more.",
  remedy:
    "Read it with config.requireSecret() or wrap it in pulumi.secret(), or pass a reference to a secret store; then rotate it, since it has been written down.",
  source: "Operating manual, section 4, Never Do 1",
  appliesTo: "any",
  check({ props }, report) {
    for (const { path, name, text } of textsOf(leaves(props))) {
      const kind = secretKind(name, text);
      // The value itself is never in the message.
      if (kind !== undefined) report(`${path} holds ${kind} in plain text`);
    }
  },
});

interface Text {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

function textsOf(refs: readonly PropertyRef[]): readonly Text[] {
  const names = variableNames(refs);
  return refs.flatMap((ref) => {
    const name = names.get(ref.path) ?? ref.name;
    // What a secret holds is nobody's business. An unknown matters only where a password belongs: reading it
    // there makes the rule not-evaluated.
    if (ref.unreadable === "secret" || (ref.unreadable === "unknown" && !isPasswordName(name))) return [];
    const { value } = ref;
    if (typeof value !== "string") return [];
    const inner = embedded(value);
    return inner === undefined
      ? [{ path: ref.path, name, text: value }]
      : textsOf(leaves(inner)).map((text) => ({
          ...text,
          path: `${ref.path}${text.path.startsWith("[") ? "" : "."}${text.path}`,
        }));
  });
}

/** Lists of variables (containers, functions) put the telling name beside the value: `{ name: "DB_PASSWORD", value }`. */
function variableNames(refs: readonly PropertyRef[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const ref of refs) {
    if (ref.unreadable !== undefined || !/^(?:name|key)$/i.test(ref.name) || typeof ref.value !== "string")
      continue;
    const base = ref.path.slice(0, -ref.name.length);
    for (const sibling of ["value", "Value"]) names.set(base + sibling, ref.value);
  }
  return names;
}

/** JSON in a string (task definitions, policies), as data. */
function embedded(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
