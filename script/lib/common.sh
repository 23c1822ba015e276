# Shared by every script: where the checkout is, and how to speak to people.
# Sourced, never run. Works from any folder, through symlinks, with spaces in paths.

set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
venv=$root/.venv
# Some machines forbid Python to keep what it has compiled; then each worker and each
# program that a test starts compiles everything anew, two seconds every time.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

# fail WHAT HAPPENED [WHAT TO DO]...: say it, a line each, and stop.
fail() {
  say "$(basename "$0"): $1"
  shift
  for line in "$@"; do say "  $line"; done
  exit 1
}

# have COMMAND: is it there?
have() { command -v "$1" >/dev/null 2>&1; }

# install_debian PACKAGE...: as root, or as somebody who may without a password.
# Answers false where that cannot be; the caller then says what is missing.
install_debian() {
  have apt-get || return 1
  local -a as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    have sudo && sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  say "Installing Debian's $*..."
  "${as_root[@]}" apt-get update -q >/dev/null &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends "$@" >/dev/null
}
