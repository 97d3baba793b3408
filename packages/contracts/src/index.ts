export {
  ERROR_TABLE,
  type ErrorCode,
  type ErrorSource,
  EXIT_CODES,
  GroundplaneError,
  type GroundplaneErrorOptions,
  isGroundplaneError,
} from "./errors.ts";
export { canonicalJson, type JsonValue, jsonValueSchema } from "./json.ts";
export { REQUIRED_TAGS, type Tags, tagsSchema } from "./tags.ts";
