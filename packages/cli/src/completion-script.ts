import { shellQuote } from "@groundplane/contracts";
import type { CommandDefinition, OptionDefinition } from "./command-table.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export function isShell(text: string): text is Shell {
  return SHELLS.some((shell) => shell === text);
}

/** One word path, such as `sandbox set`, and what may follow it. */
interface Place {
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly about: string }[];
}

const nameOf = (definition: CommandDefinition): string => definition.usage.split(" ")[0] ?? "";
const flagOf = (option: OptionDefinition): string => option.flags.split(" ")[0] ?? "";

function placesOf(
  definitions: readonly CommandDefinition[],
  common: readonly OptionDefinition[],
  path: readonly string[] = [],
): Place[] {
  const here: Place = {
    path: path.join(" "),
    words: definitions.map((definition) => ({ word: nameOf(definition), about: definition.summary })),
  };
  const below = definitions.flatMap((definition) => {
    const inner = [...path, nameOf(definition)];
    if (definition.subcommands !== undefined) return placesOf(definition.subcommands, common, inner);
    const options = [...(definition.options ?? []), ...common].map((option) => ({
      word: flagOf(option),
      about: option.about,
    }));
    const shells =
      nameOf(definition) === "completion"
        ? SHELLS.map((word) => ({ word, about: `script for ${word}` }))
        : [];
    return [{ path: inner.join(" "), words: [...shells, ...options] }];
  });
  return [here, ...below];
}

function choicesOf(definitions: readonly CommandDefinition[]): OptionDefinition[] {
  return definitions.flatMap((definition) => [
    ...(definition.options ?? []).filter((option) => option.choices !== undefined),
    ...choicesOf(definition.subcommands ?? []),
  ]);
}

/** Shell code that gathers the commands typed so far into `place`: words that are no option, up to the third. */
function caseLines(places: readonly Place[], render: (place: Place) => string): string {
  return places.map((place) => `    ${shellQuote(place.path)}) ${render(place)} ;;`).join("\n");
}

function bash(places: readonly Place[], choices: readonly OptionDefinition[]): string {
  const values = choices.map(
    (option) =>
      `    ${flagOf(option)}) COMPREPLY=($(compgen -W ${shellQuote((option.choices ?? []).filter((choice) => choice !== "*").join(" "))} -- "$current")); return ;;`,
  );
  return `# groundplane completion for bash: source <(groundplane completion bash)
_groundplane() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" place="" words="" index
  case "$previous" in
${values.join("\n")}
    --project) COMPREPLY=($(compgen -d -- "$current")); return ;;
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${place:+$place }\${COMP_WORDS[index]}" in
      ${places
        .filter((place) => place.path !== "")
        .map((place) => shellQuote(place.path))
        .join("|")}) place="\${place:+$place }\${COMP_WORDS[index]}" ;;
    esac
  done
  case "$place" in
${caseLines(places, (place) => `words=${shellQuote(place.words.map(({ word }) => word).join(" "))}`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _groundplane groundplane
`;
}

function zsh(places: readonly Place[], choices: readonly OptionDefinition[]): string {
  const described = (place: Place): string =>
    place.words
      .map(({ word, about }) => shellQuote(`${word.replaceAll(":", "\\:")}:${about.replaceAll(":", "\\:")}`))
      .join(" ");
  const values = choices.map(
    (option) =>
      `    ${flagOf(option)}) compadd -- ${(option.choices ?? []).map(shellQuote).join(" ")}; return ;;`,
  );
  return `#compdef groundplane
# groundplane completion for zsh: groundplane completion zsh > a folder of $fpath, as _groundplane
_groundplane() {
  local place="" index
  local -a suggestions
  case "\${words[CURRENT-1]}" in
${values.join("\n")}
    --project) _files -/; return ;;
  esac
  for ((index = 2; index < CURRENT; index++)); do
    case "\${place:+$place }\${words[index]}" in
      ${places
        .filter((place) => place.path !== "")
        .map((place) => shellQuote(place.path))
        .join("|")}) place="\${place:+$place }\${words[index]}" ;;
    esac
  done
  case "$place" in
${caseLines(places, (place) => `suggestions=(${described(place)})`)}
  esac
  _describe groundplane suggestions
}
if [ "\${funcstack[1]}" = "_groundplane" ]; then _groundplane; else compdef _groundplane groundplane; fi
`;
}

function fish(places: readonly Place[], choices: readonly OptionDefinition[]): string {
  const at = (place: Place): string => {
    const words = place.path === "" ? [] : place.path.split(" ");
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`);
    const below = places.filter(
      (other) =>
        other.path !== "" &&
        other.path.split(" ").length === words.length + 1 &&
        other.path.startsWith(place.path),
    );
    const names = below.map((other) => other.path.split(" ").at(-1)).join(" ");
    const none = names === "" ? [] : [`not __fish_seen_subcommand_from ${names}`];
    return [...seen, ...none].join("; and ");
  };
  const lines = places.flatMap((place) =>
    place.words.map(({ word, about }) => {
      const long = word.startsWith("--") ? `-l ${word.slice(2)}` : `-a ${word}`;
      const option = choices.find((choice) => flagOf(choice) === word);
      const values = option === undefined ? "" : ` -x -a ${shellQuote((option.choices ?? []).join(" "))}`;
      return `complete -c groundplane -n ${shellQuote(at(place))} ${long} -d ${shellQuote(about)}${values}`;
    }),
  );
  return `# groundplane completion for fish: groundplane completion fish > ~/.config/fish/completions/groundplane.fish
complete -c groundplane -f
${lines.join("\n")}
`;
}

/** The completion script of a shell: commands, subcommands, options and the values of those that have a fixed set. */
export function completionScript(
  shell: Shell,
  definitions: readonly CommandDefinition[],
  common: readonly OptionDefinition[],
): string {
  const places = placesOf(definitions, common);
  const choices = choicesOf(definitions);
  return { bash, zsh, fish }[shell](places, choices);
}
