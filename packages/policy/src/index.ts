export { definePack, type Pack, type PackDefinition } from "./pack.ts";
export {
  isPropertyMap,
  isSecret,
  leaves,
  type PropertyMap,
  PropertyRef,
  type PropertyValue,
  type SecretValue,
  select,
} from "./property-view.ts";
export {
  type DeleteRule,
  defineRule,
  type Report,
  type ReportDetails,
  type ResourceRule,
  type ResourceView,
  type Rule,
  type StackRule,
  type StackView,
} from "./rule.ts";
