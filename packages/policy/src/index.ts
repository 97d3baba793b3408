export type { Expectation } from "./expectation.ts";
export { openingsOf, type RecordedOpening } from "./openings.ts";
export { definePack, type Pack, type PackDefinition } from "./pack.ts";
export { definePropertyRule, type PropertyRuleDefinition } from "./property-rule.ts";
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
  type ProviderView,
  type Report,
  type ReportDetails,
  type ResourceRule,
  type ResourceView,
  type Rule,
  type StackRule,
  type StackView,
} from "./rule.ts";
export type { ExampleResource, PropertyRead, RuleExamples } from "./rule-examples.ts";
export { withRuleTable } from "./rule-table.ts";
export { isPasswordName, secretKind } from "./secret-text.ts";
