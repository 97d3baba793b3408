export { compareValues, isEqual, joinPath, type PropertyDiff } from "./property-diff.ts";
export {
  hasUnknown,
  isAsset,
  isList,
  isObject,
  isSecret,
  isSecretAt,
  type Properties,
  reveal,
  revealProperties,
  secretOf,
  secretTexts,
} from "./special-value.ts";
