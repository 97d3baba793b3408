import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A secret as it is, in JSON, in a URL, in hex, and in base64 at each of its three alignments. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  const shifted = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(offset === 0 ? 0 : 4)
      .slice(0, 20),
  );
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString("hex"),
  ];
  return [...new Set([...forms, ...shifted])];
}

/**
 * Where a secret is, in whatever form: in the files of a folder, or in what was told beside them. Each is `<where>: <form>`.
 * A folder with fewer files than it must have is one, too: so that nothing read is never nothing found.
 */
export async function secretLeaks(
  secrets: readonly string[],
  {
    folder,
    atLeast,
    told,
  }: {
    readonly folder: string;
    readonly atLeast: number;
    readonly told: Readonly<Record<string, string>>;
  },
): Promise<readonly string[]> {
  const forms = secrets.flatMap(formsOf);
  const found = (where: string, text: string | Buffer): readonly string[] =>
    forms.filter((form) => text.includes(form)).map((form) => `${where}: ${form}`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const leaks = await Promise.all(files.map(async (file) => found(file, await readFile(file))));
  return [
    ...(files.length < atLeast ? [`${folder} has ${files.length} files, not ${atLeast}`] : []),
    ...leaks.flat(),
    ...Object.entries(told).flatMap(([where, text]) => found(where, text)),
  ];
}
