export { answers, type Failure } from "./answers.ts";
export { diffResponse } from "./diff-response.ts";
export { readProperties, type StructMessage, writeProperties } from "./properties-message.ts";
export { serveProvider } from "./serve-provider.ts";
