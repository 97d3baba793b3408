/**
 * Hides the one warning that `node:sqlite` is experimental, which Node 22 prints at its first use; every other
 * warning is shown as before.
 */
export function hideSqliteWarning(target: Pick<NodeJS.Process, "emitWarning">): void {
  const emit = target.emitWarning.bind(target);
  target.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    const [options] = rest;
    const type =
      typeof options === "string"
        ? options
        : typeof options === "object" && options !== null && "type" in options
          ? options.type
          : warning instanceof Error
            ? warning.name
            : undefined;
    const text = warning instanceof Error ? warning.message : warning;
    if (type === "ExperimentalWarning" && text.includes("SQLite")) return;
    Reflect.apply(emit, target, [warning, ...rest]);
  };
}
