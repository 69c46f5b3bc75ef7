# The few verbs of daily work; docs/operations.md explains them. `make` alone lists them.
export PYTHONUTF8 = 1
python := .venv/bin/python

.PHONY: help run test test-full unit servers journey lint format bench lock messages clean

help: ## this list
	@sed -nE 's/^([a-z-]+): ?## /\1\t/p' Makefile | expand -t 12

run: ## install what is missing, start the product, stop with Ctrl-C
	@deploy/bootstrap.sh runtime
	@exec $(python) -m deploy.run

test: ## everything a change must pass: SQLite, PostgreSQL and Redis, browser
	@deploy/bootstrap.sh test
	@deploy/test.sh unit servers journey

test-full: ## test, and the long load, fault and fuzz checks
	@deploy/bootstrap.sh test
	@deploy/test.sh unit servers journey slow

unit: ## the unit suite on SQLite
	@deploy/bootstrap.sh dev
	@deploy/test.sh unit

servers: ## the unit suite on throw-away PostgreSQL and Redis
	@deploy/bootstrap.sh test
	@deploy/test.sh servers

journey: ## the browser journeys
	@deploy/bootstrap.sh test
	@deploy/test.sh journey

lint: ## style, templates, migrations, production settings, translations
	@deploy/bootstrap.sh dev
	@deploy/lint.sh

format: ## put Python into the agreed form
	@deploy/bootstrap.sh dev
	@$(python) -m ruff check --fix . && $(python) -m ruff format .

bench: ## measurements, with the machine and its load written beside them
	@deploy/bootstrap.sh test
	@$(python) -m bench

# For 3.11.0, the oldest Python that runs the product: later ones need fewer packages (redis, async-timeout).
uv_compile := $(python) -m uv pip compile pyproject.toml --quiet --python-version 3.11.0 --generate-hashes \
	--no-header --no-annotate

lock: ## pyproject.toml -> requirements.txt and tests/requirements.txt, with hashes
	@deploy/bootstrap.sh dev
	@$(python) -m pip install --quiet --disable-pip-version-check uv==0.13.8
	@$(uv_compile) --output-file requirements.txt
	@$(uv_compile) --group dev --constraint requirements.txt --output-file tests/requirements.txt

messages: ## collect the texts to translate, compile the translations
	@deploy/bootstrap.sh dev
	@$(python) manage.py makemessages --locale en --no-location --ignore .venv --ignore var --ignore tests
	@$(python) manage.py compilemessages --ignore .venv --ignore var

clean: ## remove caches; the data in var/ and the virtualenv stay
	@rm -rf var/cache .pytest_cache .ruff_cache .hypothesis
	@find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
