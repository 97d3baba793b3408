/**
 * Shell functions that put a program on everybody's path as a link, and take it away again. What was there before comes
 * back: a link that is not ours is kept beside the setup's notes.
 */
export const LINKS = `
# link <target> <name>
link() {
  path=/usr/local/bin/$2
  if [ "$(readlink "$path" || true)" = "$1" ]; then return 0; fi
  mkdir -p "$GROUNDPLANE_STATE/links"
  if ! grep -Fxqs "$2" "$GROUNDPLANE_STATE/links/names"; then
    if [ -e "$path" ] || [ -L "$path" ]; then cp -a "$path" "$GROUNDPLANE_STATE/links/before-$2"; fi
    echo "$2" >>"$GROUNDPLANE_STATE/links/names"
  fi
  ln -sfnT "$1" "$path"
}
unlink_all() {
  [ -e "$GROUNDPLANE_STATE/links/names" ] || return 0
  while IFS= read -r name; do
    rm -f "/usr/local/bin/$name"
    before=$GROUNDPLANE_STATE/links/before-$name
    if [ -e "$before" ] || [ -L "$before" ]; then cp -a "$before" "/usr/local/bin/$name"; fi
  done <"$GROUNDPLANE_STATE/links/names"
  rm -rf "$GROUNDPLANE_STATE/links"
}
`;
