#!/usr/bin/env bash
# Checks what can be checked without running the product; does every step, then fails if any of them failed.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

unset DATABASE_URL REDIS_URL SECRET_KEY SECRET_KEY_FILE ALLOWED_HOSTS DEMO DEMO_PASSWORD MFA_POLICY PMQA_ENV
unset EMAIL_URL
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pmqa-lint-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export PMQA_VAR=$scratch/var PYTHONUTF8=1 PYTHONWARNINGS=error

manage=(.venv/bin/python manage.py)
failed=()

step() {
  local title=$1
  shift
  printf '== %s\n' "$title"
  "$@" || failed+=("$title")
}

# No connection is made: the checks only look at the settings.
production_check() {
  PMQA_ENV=production SECRET_KEY=$(od -An -N40 -tx1 /dev/urandom | tr -d ' \n') ALLOWED_HOSTS=pmqa.example.org \
    DATABASE_URL=postgres://pmqa@127.0.0.1/pmqa REDIS_URL=redis://127.0.0.1/0 \
    "${manage[@]}" check --deploy --fail-level WARNING
}

# Each .po is complete and well-formed, and the .mo beside it was made from it.
translations() {
  local po status=0
  while IFS= read -r po; do
    msgfmt --check --output-file="$scratch/fresh.mo" "$po" || status=1
    cmp --silent "$scratch/fresh.mo" "${po%.po}.mo" || { echo "${po%.po}.mo is stale: make messages." && status=1; }
    if [[ -n $(msgattrib --untranslated --no-obsolete "$po")$(msgattrib --only-fuzzy --no-obsolete "$po") ]]; then
      echo "$po has entries without a translation, or fuzzy ones." && status=1
    fi
  done < <(find pmqa/locale -name '*.po')
  return "$status"
}

step "ruff check" .venv/bin/python -m ruff check .
step "ruff format" .venv/bin/python -m ruff format --check .
step "djlint" .venv/bin/python -m djlint --lint --quiet templates
step "migrations" "${manage[@]}" makemigrations --check --dry-run
step "deployment" production_check
step "translations" translations

if ((${#failed[@]})); then
  (IFS=, && printf 'Failed: %s.\n' "${failed[*]}")
  exit 1
fi
