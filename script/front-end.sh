# shellcheck shell=bash
# Builds web/dist, which the binary embeds. Sourced after environment.sh.

# Only when a source, the lock file or a build setting is newer than the last build.
build_front_end() {
  local page=$FINAGE_ROOT/web/dist/index.html newer
  if [ -f "$page" ]; then
    newer=$(find "$FINAGE_ROOT/web" \( -name node_modules -o -name dist -o -name test \) -prune -o -type f -newer "$page" -print -quit)
    [ -n "$newer" ] || return 0
  fi
  (cd "$FINAGE_ROOT/web" && quietly web-build npm run build) || fail "la construction de la carte a échoué dans web/ ; les dernières lignes du journal sont ci-dessus."
}
