import { GroundplaneError } from "@groundplane/contracts";

/** One member of an object somewhere in a document: the keys that lead to it, and its text. */
export interface JsonMember {
  readonly path: readonly string[];
  readonly text: string;
}

/** What to do with a member whose key was just read: its text, the members inside it, or neither. */
export type Wanted = (path: readonly string[]) => "take" | "enter" | "skip";

interface Frame {
  readonly isObject: boolean;
  /** Taken, entered or skipped as a whole. */
  readonly fate: "take" | "enter" | "skip";
  key: string;
  /** The next string is a key. */
  atKey: boolean;
}

const OPENS = new Set(["{", "["]);
const CLOSES = new Set(["}", "]"]);

/**
 * Members of a JSON document that is too long to hold, as its text comes in. Only objects are entered, and no more is kept
 * than the text of the one member that is taken at the moment.
 *
 * @throws {PRICES_INVALID} when the document ends in its middle.
 */
export async function* jsonMembers(
  chunks: AsyncIterable<string> | Iterable<string>,
  wanted: Wanted,
): AsyncGenerator<JsonMember> {
  const frames: Frame[] = [];
  let inString = false;
  let escaped = false;
  let string = "";
  let taken: string | undefined;
  let fate: Frame["fate"] = "enter";
  let ended = false;
  const path = (): string[] => frames.filter(({ isObject }) => isObject).map(({ key }) => key);

  for await (const chunk of chunks) {
    for (const character of chunk) {
      const top = frames.at(-1);
      let finished: JsonMember | undefined;
      // A scalar ends where its member ends.
      if (
        !inString &&
        taken !== undefined &&
        top?.fate === "enter" &&
        (character === "," || character === "}")
      ) {
        finished = { path: path(), text: taken.trim() };
        taken = undefined;
      }
      if (taken !== undefined) taken += character;
      if (inString) {
        if (escaped) escaped = false;
        else if (character === "\\") escaped = true;
        else if (character === '"') inString = false;
        if (inString && top?.fate === "enter" && top.atKey) string += character;
      } else if (character === '"') {
        inString = true;
        string = "";
      } else if (character === ":" && top?.fate === "enter" && top.isObject && top.atKey) {
        top.key = JSON.parse(`"${string}"`);
        top.atKey = false;
        fate = wanted(path());
        if (fate === "take") taken = "";
      } else if (character === "," && top?.isObject === true) {
        top.atKey = true;
      } else if (OPENS.has(character)) {
        // A list is never entered: its elements have no names.
        const own = top === undefined ? "enter" : top.fate === "enter" ? fate : top.fate;
        const isObject = character === "{";
        frames.push({
          isObject,
          fate: own === "enter" && !isObject ? "skip" : own,
          key: "",
          atKey: isObject,
        });
      } else if (CLOSES.has(character)) {
        const closed = frames.pop();
        ended = frames.length === 0;
        if (taken !== undefined && closed?.fate === "take" && frames.at(-1)?.fate === "enter") {
          finished = { path: path(), text: taken.trim() };
          taken = undefined;
        }
      }
      if (finished !== undefined) yield finished;
    }
  }
  if (!ended || inString) {
    throw new GroundplaneError("PRICES_INVALID", "the file ends in the middle of its JSON: load it again.");
  }
}
