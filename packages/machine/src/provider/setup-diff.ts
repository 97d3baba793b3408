import { compareValues, type Properties, type PropertyDiff } from "@groundplane/provider";

/** What differs between what was asked for and is asked for now, and between the machine and both. */
export function diffSetup(
  oldInputs: Properties,
  newInputs: Properties,
  outputs: Properties,
): readonly PropertyDiff[] {
  const names = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])].sort();
  const inputs = names
    .filter((name) => !name.startsWith("__"))
    .flatMap((name) => compareValues(oldInputs[name], newInputs[name], name))
    .map(({ path, kind }) => ({ path, kind, replaces: path === "connection.host", input: true }));
  const drifted = outputs["healthy"] === false;
  return [
    ...inputs,
    ...(drifted ? [{ path: "healthy", kind: "update", replaces: false, input: false } as const] : []),
  ];
}

/**
 * Whether the files are written and `setup` runs: not where only the way to the machine differs, or a script that runs
 * at another time.
 */
export function needsSetup(oldInputs: Properties, newInputs: Properties, outputs: Properties): boolean {
  return diffSetup(oldInputs, newInputs, outputs).some(({ path, input }) => {
    if (!input) return true;
    return (
      /^(files|setup|triggers)\b/.test(path) ||
      path.startsWith("connection.hostKey.trustOnFirstUse.machineId")
    );
  });
}
