const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ["a Slack webhook", /\bhooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]{16,}/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{16,}/],
  ["a Google API key", /\bAIza[A-Za-z0-9_-]{35}/],
  ["a JSON Web Token", /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  [
    "a connection string with a password",
    /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@]{0,100}:(?![${<*])[^\s/@]{1,200}@/i,
  ],
  ["a connection string with a password", /;\s*(?:password|pwd)\s*=\s*(?![${<*])[^;\s]/i],
];

/** Names whose value is a password whatever it looks like. */
const PASSWORD_NAME = /(?:password|passwd|passphrase|secretstring|secretaccesskey|clientsecret)$/;
/** Names whose value may be one: asked for when it looks random. */
const TOKEN_NAME = /(?:secret|secretkey|token|apikey|accesskey|privatekey|credentials?|pwd)$/;
/** Names for repeating a request safely: EFS, RDS, ECS. */
const IDEMPOTENCY_NAME = /(?:creation|client|clientrequest|idempotency)token$/;

const lettersOf = (name: string): string => name.replace(/[^A-Za-z]/g, "").toLowerCase();

/** Whether a property of this name holds a password whatever its value looks like. */
export const isPasswordName = (name: string): boolean => PASSWORD_NAME.test(lettersOf(name));

/** What kind of secret a property's text is or holds; undefined when none. */
export function secretKind(name: string, text: string): string | undefined {
  const known = findPattern(text) ?? findPattern(decoded(name, text));
  if (known !== undefined) return known;
  const letters = lettersOf(name);
  if (isReference(text) || IDEMPOTENCY_NAME.test(letters)) return undefined;
  if (PASSWORD_NAME.test(letters)) return "a password";
  return TOKEN_NAME.test(letters) && looksRandom(text) ? "what looks like a key or token" : undefined;
}

const findPattern = (text: string): string | undefined =>
  PATTERNS.find(([, pattern]) => pattern.test(text))?.[0];

/** Start-up scripts are passed in base64. */
function decoded(name: string, text: string): string {
  if (!/userdata|base64/i.test(name) || !/^[A-Za-z0-9+/\s]{24,}=*\s*$/.test(text)) return "";
  return Buffer.from(text, "base64").toString("utf8");
}

/** Names a secret that is kept elsewhere, or says nothing: an ARN, a path of SSM, a placeholder. */
const isReference = (text: string): boolean =>
  text.trim() === "" || /^(?:arn:|\/|alias\/|\{\{|\$|<|\*+$|true$|false$)/.test(text.trim());

// 3 bits a character over 16 characters: words and dashed names stay below or have no digit, random ones do not.
const RANDOM_LENGTH = 16;
const RANDOM_ENTROPY_BITS = 3;

function looksRandom(text: string): boolean {
  if (text.length < RANDOM_LENGTH || /\s/.test(text) || !/\d/.test(text) || !/[A-Za-z]/.test(text))
    return false;
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits >= RANDOM_ENTROPY_BITS;
}
