import { UNKNOWN_TEXT } from "@groundplane/contracts";
import { isObject, isSecret, type Properties, secretOf } from "@groundplane/provider";
import type { ResourceShape } from "../catalog/shape.ts";
import type { CloudSettings } from "../provider/cloud.ts";

/** The inputs with the provider's default tags below their own, where the type has tags. */
export function withDefaultTags(
  inputs: Properties,
  resource: ResourceShape,
  { defaultTags }: CloudSettings,
): Properties {
  const taggable = resource.inputs["tags"] !== undefined && resource.outputs["tagsAll"] !== undefined;
  const own = inputs["tags"];
  if (!taggable || own === UNKNOWN_TEXT || Object.keys(defaultTags).length === 0) return inputs;
  if (isSecret(own) && isObject(own.value))
    return { ...inputs, tags: secretOf({ ...defaultTags, ...own.value }) };
  return { ...inputs, tags: { ...defaultTags, ...(isObject(own) ? own : {}) } };
}

/** `tagsAll`: by then the default tags are among the tags. */
export function allTags(inputs: Properties, resource: ResourceShape): Properties {
  return resource.outputs["tagsAll"] === undefined ? {} : { tagsAll: inputs["tags"] ?? {} };
}
