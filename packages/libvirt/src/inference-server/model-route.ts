import { invalidArgument } from "@groundplane/contracts";

/** A model in the fleet's own network. */
export interface LocalModel {
  readonly provider: "ollama";
  /** As Ollama names it: `llama3:70b-instruct-q4_K_M`. */
  readonly model: string;
  /** Of the server. @format http or https, without a path */
  readonly url: string;
}

/** A model of a cloud, whose key is in the agent's environment. */
export interface CloudModel {
  readonly provider: "anthropic" | "openai" | "google";
  /** As the provider names it. */
  readonly model: string;
}

export type ModelRoute = LocalModel | CloudModel;

/** In which order the clouds are asked when nothing local answers. */
const CLOUD_ORDER = ["anthropic", "openai", "google"] as const;

export interface ModelRoutesOptions {
  /** Asked first, in this order. @default [] */
  readonly local?: readonly LocalModel[];
  /** The model of each cloud that may be asked. */
  readonly cloud: Readonly<Partial<Record<CloudModel["provider"], string>>>;
}

/**
 * What an agent asks: what is local first, then Anthropic, OpenAI and Google, as far as a model of them is named.
 *
 * @throws {INVALID_ARGUMENT} nothing is named at all
 */
export function modelRoutes({ local = [], cloud }: ModelRoutesOptions): readonly ModelRoute[] {
  const clouds = CLOUD_ORDER.flatMap((provider) => {
    const model = cloud[provider];
    return model === undefined ? [] : [{ provider, model }];
  });
  const routes = [...local, ...clouds];
  if (routes.length === 0) throw invalidArgument("no model is named: give at least one, local or of a cloud");
  return checkRoutes(routes);
}

/**
 * Checks routes.
 *
 * @throws {INVALID_ARGUMENT} one is not valid, or is there twice
 */
export function checkRoutes(routes: readonly ModelRoute[]): readonly ModelRoute[] {
  const seen = new Set<string>();
  for (const route of routes) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/.test(route.model))
      throw invalidArgument(`"${route.model}" names no model; use letters, digits and ._:/-`, {
        model: route.model,
      });
    if (route.provider === "ollama" && !/^https?:\/\/[A-Za-z0-9.:[\]-]+$/.test(route.url))
      throw invalidArgument(
        `"${route.url}" is no address of a server; give one such as http://10.220.1.20:11434`,
        {
          url: route.url,
        },
      );
    const name = modelName(route);
    if (seen.has(name))
      throw invalidArgument(`the model ${name} is there twice; give it once`, { model: name });
    seen.add(name);
  }
  return routes;
}

/** As OpenClaw names a model: with its provider. */
export function modelName({ provider, model }: ModelRoute): string {
  return `${provider}/${model}`;
}
