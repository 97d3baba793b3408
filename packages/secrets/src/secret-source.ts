import {
  GroundplaneError,
  invalidArgument,
  type SecretEntry,
  type SecretManifest,
} from "@groundplane/contracts";
import * as pulumi from "@pulumi/pulumi";

/** Where in a source a secret is. */
export interface SecretLocation {
  /** A secret's name or ARN, a file, or a path, as the source has it. */
  readonly path: string;
  /** Of a value that is a document; a dot between levels. @default - the whole value */
  readonly field?: string;
}

/** A place where secrets are kept. Anything with this method is one. */
export interface SecretSource {
  /**
   * The value there. It is for `openSecrets`, which marks it as secret before a program sees it.
   *
   * @throws {SECRETS_UNAVAILABLE} there is none. The error says where, and never what.
   */
  read(location: SecretLocation): Promise<string>;
}

/** The secrets of a manifest. */
export interface OpenSecrets {
  /** Of the manifest, in its order. */
  readonly names: readonly string[];
  /**
   * The value of one, marked as secret: the engine encrypts it wherever it is written, and masks it elsewhere. The
   * deployment fails with `SECRETS_UNAVAILABLE` where there is none.
   *
   * @throws {INVALID_ARGUMENT} the manifest has no such name.
   */
  value(name: string): pulumi.Output<string>;
}

/**
 * Makes the secrets of a manifest readable. Nothing is read before a value is asked for.
 *
 * @param sources one for each source that the manifest names
 * @throws {INVALID_ARGUMENT} a source of the manifest is not given.
 */
export function openSecrets(
  { secrets }: SecretManifest,
  sources: Readonly<Partial<Record<SecretEntry["source"], SecretSource>>>,
): OpenSecrets {
  const opened = new Map(
    Object.entries(secrets).map(([name, { source, path, field }]) => {
      const from = sources[source];
      if (from === undefined)
        throw invalidArgument(`"${name}" is kept in ${source}, which is not given; add it to the sources`, {
          name,
          source,
        });
      return [name, { from, location: { path, ...(field !== undefined && { field }) } }] as const;
    }),
  );
  return {
    names: [...opened.keys()],
    value: (name) => {
      const found = opened.get(name);
      if (found === undefined)
        throw invalidArgument(
          `the manifest has no secret "${name}"; it has ${[...opened.keys()].join(", ")}`,
          {
            name,
          },
        );
      return pulumi.secret(found.from.read(found.location));
    },
  };
}

/** The error for a secret that cannot be read. It never has a cause: those of parsers quote what they read. */
export function unavailable(source: string, { path, field }: SecretLocation, why: string): GroundplaneError {
  const where = `${source} "${path}"${field === undefined ? "" : `, field "${field}"`}`;
  return new GroundplaneError("SECRETS_UNAVAILABLE", `${where}: ${why}`, {
    facts: { source, path, ...(field !== undefined && { field }) },
  });
}
