#!/usr/bin/env bash
# Runs test suites one after the other, each to its end, and fails if any of them failed.
#   deploy/test.sh unit      the unit suite on SQLite
#   deploy/test.sh servers   what of it touches a database, on throw-away PostgreSQL and Redis
#   deploy/test.sh journey   the browser journeys, on the product as `make run` starts it
#   deploy/test.sh slow      the long load, fault and fuzz checks, on PostgreSQL and Redis
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# The settings of whoever calls must not leak into the tests, nor the tests into their data.
unset DATABASE_URL REDIS_URL SECRET_KEY SECRET_KEY_FILE ALLOWED_HOSTS DEMO DEMO_PASSWORD MFA_POLICY PMQA_ENV
unset EMAIL_URL HOST PORT
PMQA_VAR=$(mktemp -d "${TMPDIR:-/tmp}/pmqa-test-XXXXXX")
export PMQA_VAR PYTHONUTF8=1 HYPOTHESIS_STORAGE_DIRECTORY=$PWD/var/cache/hypothesis
trap 'rm -rf "$PMQA_VAR"' EXIT

python=.venv/bin/python
failed=()

suite() {
  local name=$1 title=$2
  shift 2
  printf '\n== %s\n' "$title"
  "$@" || failed+=("$name")
}

for name in "$@"; do
  case $name in
    unit)
      suite unit "Unit tests on SQLite" $python -m pytest -n 2 -m "not journey and not slow"
      ;;
    servers)
      suite servers "Unit tests on PostgreSQL and Redis" \
        $python -m deploy.with_servers $python -m pytest -n 2 -m "not journey and not slow" --database-only
      ;;
    journey)
      # A journey waits more than it works: for what is typed to be saved, for a page to come.
      suite journey "Browser journeys" $python -m pytest -n 3 -m journey
      ;;
    slow)
      suite slow "Load, fault and fuzz checks" $python -m deploy.with_servers $python -m pytest -m slow
      ;;
    *)
      echo "Say unit, servers, journey or slow, not '$name'." >&2
      exit 2
      ;;
  esac
done

if ((${#failed[@]})); then
  printf '\nFailed: %s.\n' "${failed[*]}"
  exit 1
fi
