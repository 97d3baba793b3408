import { invalidArgument } from "@groundplane/contracts";

/** Shell functions around an installation, which note what came with it. */
const NOTES = `packages_begin() {
  if [ -e "$GROUNDPLANE_STATE/packages.before" ]; then return 0; fi
  dpkg-query -W -f '\${binary:Package}\\n' | sort >"$GROUNDPLANE_STATE/packages.tmp"
  mv "$GROUNDPLANE_STATE/packages.tmp" "$GROUNDPLANE_STATE/packages.before"
}
packages_end() {
  dpkg-query -W -f '\${binary:Package}\\n' | sort | comm -13 "$GROUNDPLANE_STATE/packages.before" - >"$GROUNDPLANE_STATE/packages.now"
  cat "$GROUNDPLANE_STATE/packages.now" >>"$GROUNDPLANE_STATE/packages.added"
  rm -f "$GROUNDPLANE_STATE/packages.before" "$GROUNDPLANE_STATE/packages.now"
}
`;

const INSTALL =
  "apt-get -o DPkg::Lock::Timeout=900 -o Dpkg::Options::=--force-confold -qq -y --no-install-recommends install";

/**
 * Shell that installs Debian packages and remembers which came with them, so that `removePackages` takes those away and
 * no others. It waits for whoever else installs at the moment, such as the first unattended upgrade.
 *
 * @throws {INVALID_ARGUMENT} a name is none of a package
 */
export function installPackages(names: readonly string[]): string {
  for (const name of names)
    if (!/^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$/.test(name))
      throw invalidArgument(`"${name}" is no name of a Debian package`, { name });
  return `
${NOTES}
missing=
# shellcheck disable=SC2043 # often one, by chance
for package in ${names.join(" ")}; do
  [ "$(dpkg-query -W -f '\${db:Status-Abbrev}' "\${package%%=*}" 2>/dev/null)" = "ii " ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
  packages_begin
  apt-get -o DPkg::Lock::Timeout=900 -qq update
  # shellcheck disable=SC2086 # words on purpose
  ${INSTALL} $missing
  packages_end
fi
`;
}

/** Shell that installs a package from a file, after `installPackages`, with what it needs of the distribution. */
export function installPackageFile(file: string): string {
  return `packages_begin
  apt-get -o DPkg::Lock::Timeout=900 -qq update
  ${INSTALL} ${file}
  packages_end`;
}

/** Shell that takes away what `installPackages` brought; what something else needs by now stays, and is named. */
export const REMOVE_PACKAGES = `
if [ -e "$GROUNDPLANE_STATE/packages.before" ]; then
  # An installation was ended in its middle.
  dpkg --configure -a
  dpkg-query -W -f '\${binary:Package}\\n' | sort | comm -13 "$GROUNDPLANE_STATE/packages.before" - >>"$GROUNDPLANE_STATE/packages.added"
fi
if [ -s "$GROUNDPLANE_STATE/packages.added" ]; then
  # shellcheck disable=SC2046 # words on purpose
  dpkg --purge $(sort -u "$GROUNDPLANE_STATE/packages.added") 2>"$GROUNDPLANE_STATE/packages.left" || {
    echo "these packages stay, because others need them:"
    grep -E '^ ' "$GROUNDPLANE_STATE/packages.left" || true
  }
fi
rm -f "$GROUNDPLANE_STATE"/packages.*
`;
