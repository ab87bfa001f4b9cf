# shellcheck shell=bash disable=SC2034 # what is set here is used by the scripts that source it
# What every script shares: messages, caches, PATH. Sourced, never run.
# Messages are French, for the person who runs the scripts; comments are for the one who changes them.

set -Eeuo pipefail

# The checkout, whatever directory the script was called from.
FINAGE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly FINAGE_ROOT

# Everything built or downloaded stays outside the checkout, so that a fresh clone starts warm.
FINAGE_BUILD_CACHE=${FINAGE_BUILD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/finage}
# Not exported: what begins with FINAGE_ in the environment is configuration of the program, which refuses what it does not know.
export -n FINAGE_BUILD_CACHE
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$FINAGE_BUILD_CACHE/target}
readonly FINAGE_BIN_CACHE=$FINAGE_BUILD_CACHE/bin
readonly FINAGE_LOGS=$FINAGE_BUILD_CACHE/logs
mkdir -p "$FINAGE_BIN_CACHE" "$FINAGE_LOGS"

# Our own node and tools first; rustup's directory last, for shells that never read ~/.profile.
PATH=$FINAGE_BIN_CACHE:$PATH
[ -d "${CARGO_HOME:-${HOME:-}/.cargo}/bin" ] && PATH=$PATH:${CARGO_HOME:-${HOME:-}/.cargo}/bin
export PATH

# The versions below are the oldest that work; Cargo.toml says the same of Rust.
readonly RUST_MINIMUM=1.95
readonly RUST_INSTALL="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . \"\$HOME/.cargo/env\""

say() { printf '%s\n' "$*"; }

# One clear line on standard error, then out.
fail() {
  trap - ERR
  printf 'Erreur : %s\n' "$*" >&2
  exit 1
}

# A command that nobody foresaw to fail still ends in one line that names it.
trap 'fail "« ${BASH_COMMAND%%$'"'"'\n'"'"'*} » a échoué (${BASH_SOURCE[0]##*/}, ligne $LINENO)."' ERR

# quietly LOG COMMAND...: output goes to a log; on failure its end is shown and the status is kept for the caller.
quietly() {
  local log=$FINAGE_LOGS/$1.log status=0
  shift
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    tail -n 20 "$log" >&2
    printf '(journal complet : %s)\n' "$log" >&2
  fi
  return "$status"
}

# version_at_least HAVE WANTED: compares dotted numbers.
version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# The digest of files' contents and of any words given after « -- ».
digest_of() {
  local words=() files=() seen=0 word
  for word in "$@"; do
    if [ "$word" = -- ]; then seen=1; elif [ "$seen" = 1 ]; then words+=("$word"); else files+=("$word"); fi
  done
  { cat "${files[@]}"; printf '%s\n' "${words[@]}"; } | sha256sum | cut -c1-32
}

# Runs script/setup with this script's cache; its own line has already said what failed.
prepare_machine() {
  FINAGE_BUILD_CACHE=$FINAGE_BUILD_CACHE "$FINAGE_ROOT/script/setup" "$@" || exit 1
}
