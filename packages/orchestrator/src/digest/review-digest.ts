import {
  type ChangeSet,
  canonicalJson,
  DIGEST_PARTS,
  type DigestPart,
  type JsonValue,
  jsonValueSchema,
  type ReviewDigest,
  type RunId,
  type Sha256,
} from "@groundplane/contracts";
import type { RunContext } from "../pipeline/run-context.ts";
import { digestOfProgram, pluginProgram, pulumiHome } from "../plugins/plugin-place.ts";
import { installedPackages } from "../rollback/moved-packages.ts";
import { sha256OfBytes } from "./hash-files.ts";
import { digestDependencies, digestProgram, type ProgramDigest } from "./program-digest.ts";
import { sourceParts } from "./source-parts.ts";

/** What was reviewed, as text or hash. */
export interface Reviewed {
  readonly operation: string;
  readonly changeSet: ChangeSet;
  /** The plan file's text; none for a destroy, whose change set stands for it. */
  readonly plan: string | undefined;
  readonly stateDigest: Sha256;
  /** What `programDigest` computed. @default - it is computed */
  readonly program?: ProgramDigest;
  readonly confirmed: readonly string[];
  /** The run to which a failure goes back, where the environment's rule says so. */
  readonly wayBack: RunId | undefined;
}

function hashJson(value: JsonValue): Sha256 {
  return sha256OfBytes(canonicalJson(value));
}

/** Provider plugins that the change set uses: `aws` at `7.48.0`. */
export function providersOf(
  changeSet: ChangeSet,
): readonly { readonly name: string; readonly version: string }[] {
  const prefix = "pulumi:providers:";
  const found = changeSet.planned
    .filter(({ type }) => type.startsWith(prefix))
    .map(({ type, inputs }) => ({
      name: type.slice(prefix.length),
      version: String(inputs["version"] ?? "unknown"),
    }));
  return [
    ...new Map(found.map((provider) => [`${provider.name}@${provider.version}`, provider])).values(),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function providerDigests(context: RunContext, changeSet: ChangeSet): Promise<JsonValue> {
  const home = pulumiHome(context.engine.env);
  const installed = await Promise.all(
    providersOf(changeSet).map(async ({ name, version }) => {
      const { file } = pluginProgram({ name, version }, home);
      return { name, version, program: await digestOfProgram(file) };
    }),
  );
  return { installed, sandbox: context.engine.sandboxPlugins.map(({ name, digest }) => ({ name, digest })) };
}

/**
 * The program that the run works with: the one that stands in the stack's folder, or one that was kept. It can be
 * computed beside what a review or a re-check waits for.
 */
export async function programDigest({
  project,
  stack,
  returnPoint,
}: Pick<RunContext, "project" | "stack" | "returnPoint">): Promise<ProgramDigest> {
  if (returnPoint === undefined) return digestProgram(project.root, [stack.entry, project.file]);
  const { program } = await digestProgram(project.root, [project.file]);
  const { programDigest: bundle, packages } = returnPoint;
  const { versions } = await installedPackages(stack.folder, Object.keys(packages));
  const names = Object.keys(packages).filter((name) => !name.startsWith("."));
  return {
    program: hashJson({ bundle, project: program }),
    dependencies: hashJson({
      installed: await digestDependencies(stack.folder, names),
      versions: jsonValueSchema.parse(JSON.parse(JSON.stringify(versions))),
    }),
  };
}

/**
 * Everything an approval is bound to, computed from what stands now. Called for the review, and again right
 * before up: a part that differs then has moved.
 */
export async function reviewDigest(context: RunContext, reviewed: Reviewed): Promise<ReviewDigest> {
  const program = reviewed.program ?? (await programDigest(context));
  const { returnTo } = context.run.record;
  const values: Record<DigestPart, Sha256> = {
    operation: hashJson({
      operation: reviewed.operation,
      project: context.project.definition.name,
      stack: context.stack.name,
      environment: context.environment.name,
      run: context.run.id,
      confirmed: [...reviewed.confirmed],
      ...(returnTo === undefined ? {} : { returnTo }),
      ...(reviewed.wayBack === undefined ? {} : { wayBack: reviewed.wayBack }),
    }),
    changeSet: hashJson(jsonValueSchema.parse(JSON.parse(JSON.stringify(reviewed.changeSet)))),
    plan: sha256OfBytes(reviewed.plan ?? "no plan"),
    state: reviewed.stateDigest,
    ...sourceParts(context, program)(context.upstreams),
    providers: hashJson(await providerDigests(context, reviewed.changeSet)),
    engine: hashJson({ version: context.engine.engineVersion }),
  };
  return { digest: hashJson(values), parts: values };
}

/** The parts in which two reviews differ. */
export function movedParts(reviewed: ReviewDigest, now: ReviewDigest): readonly DigestPart[] {
  return DIGEST_PARTS.filter((part) => reviewed.parts[part] !== now.parts[part]);
}
