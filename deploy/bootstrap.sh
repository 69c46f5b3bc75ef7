#!/usr/bin/env bash
# Makes this machine ready and does nothing where nothing is missing: Python 3.11, Debian's libraries, .venv.
#   deploy/bootstrap.sh runtime   what `make run` needs
#   deploy/bootstrap.sh dev       also the development packages and gettext (`make lint`)
#   deploy/bootstrap.sh test      also a browser, PostgreSQL, Redis and PDF tools (`make test`)
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

level=${1:-runtime}
case $level in
  runtime) requirements=requirements.txt ;;
  dev | test) requirements=tests/requirements.txt ;;
  *) echo "Say runtime, dev or test, not '$level'." >&2 && exit 2 ;;
esac

fail() {
  echo "$*" >&2
  exit 1
}

# The interpreter itself, not a virtualenv or a pyenv shim that leads to it.
find_python() {
  local candidate
  while IFS= read -r candidate; do
    "$candidate" -c 'import sys; sys.version_info[:2] == (3, 11) or sys.exit(1); print(sys._base_executable)' \
      2>/dev/null && return
  done < <(type -aP python3.11 python3)
  return 1
}

# The Debian packages of what Python, and the libraries that WeasyPrint opens, cannot do on this machine.
missing_for_python() {
  "$python" - <<'PYTHON'
import ctypes
from importlib.util import find_spec

PACKAGES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
for library, package in PACKAGES.items():
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
if not find_spec("ensurepip"):
    print("python3.11-venv")
PYTHON
}

missing_packages() {
  if [[ -z $python ]]; then
    echo python3.11 python3.11-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  else
    missing_for_python
  fi
  type -P pdftotext >/dev/null || echo poppler-utils
  [[ $level == runtime ]] && return
  type -P msgfmt >/dev/null || echo gettext
  [[ $level == dev ]] && return
  [[ -x /usr/bin/chromium ]] || echo chromium
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  type -P redis-server >/dev/null || echo redis-server
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" \
    </dev/null >&2
}

install_packages() {
  local by_hand="sudo apt-get install --no-install-recommends $*"
  if [[ $EUID -ne 0 ]] || ! type -P apt-get >/dev/null; then
    fail "Debian packages are missing; give this command and start again: $by_hand"
  fi
  echo "Installing the Debian packages that are missing: $*." >&2
  apt install "$@" 2>/dev/null || { apt update && apt install "$@"; } ||
    fail "apt could not install them; see its message above, or try: $by_hand"
}

# In the background, so that a signal ends the command and not only this script.
interruptible() {
  "$@" &
  trap 'kill $! 2>/dev/null; exit 130' INT TERM
  wait $!
}

# What .venv was made from; differs as soon as the lock or the interpreter does.
fingerprint() {
  .venv/bin/python -V && sha256sum <"$requirements"
}

install_requirements() {
  if ! .venv/bin/python -m pip --version &>/dev/null; then
    echo "Making the virtualenv in .venv." >&2
    "$python" -m venv --clear .venv || fail "The virtualenv could not be made; see the message above."
  fi
  echo "Installing the Python packages of $requirements." >&2
  interruptible .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check --no-cache-dir \
    --require-hashes -r "$requirements" >&2 || fail "The Python packages could not be installed; see the message above."
  fingerprint >"$stamp"
}

python=$(find_python) || python=""
mapfile -t packages < <(missing_packages | tr ' ' '\n')
if ((${#packages[@]})); then
  install_packages "${packages[@]}"
  python=$(find_python) || fail "Python 3.11 is needed, and this system has no package of it; install it and start again."
fi

stamp=.venv/installed-${requirements//\//-}
if [[ $(fingerprint 2>/dev/null) != "$(cat "$stamp" 2>/dev/null)" || ! -s $stamp ]]; then
  # Two commands started at once (lint and test, say) install one after the other.
  exec 9<deploy
  flock 9
  install_requirements
fi
