# Everything a newcomer needs: `make demo` (the site with sample data), `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A workspace may set its own npm; else the one of a Python package serves, in the environment.
NPM := $(shell command -v npm 2>/dev/null)
SOURCES := annuaire search importers tests tools

.PHONY: demo test test-long check format audit assets bench clean prerequisites

demo: $(VENV)/.runtime assets
	@$(BIN)/annuaire demo $(ARGS)

# Browser tests run apart: the browser's driver keeps an event loop in its process, which the
# database's helper refuses to share.
test: $(VENV)/.dev assets
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check --quiet $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/pytest -n auto -m "not browser"
	@$(BIN)/pytest -n auto -m browser

test-long: $(VENV)/.dev assets
	@$(BIN)/pytest -n auto -m "not browser" --long
	@$(BIN)/pytest -n auto -m browser

check: $(VENV)/.dev
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

# Known vulnerabilities of what is locked; passes where the advisory service cannot be reached.
audit: $(VENV)/.dev
	@$(BIN)/python tools/audit.py

prerequisites:
	@command -v $(PYTHON) >/dev/null || { echo "Python manque : installez le paquet python3 (apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 ou plus récent est nécessaire, celui-ci est $$($(PYTHON) -V 2>&1) : installez le paquet python3.11 et lancez make PYTHON=python3.11." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Le module venv manque : installez le paquet python3-venv (apt install python3-venv)." >&2; exit 1; }

$(VENV)/.made: | prerequisites
	@echo "Création de l'environnement Python…"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installation des dépendances verrouillées…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "Installation des outils de test…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.node: $(VENV)/.made requirements-node.lock
ifeq ($(NPM),)
	@echo "Installation de npm dans l'environnement Python…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
endif
	@touch $@

assets: annuaire/static/vendor/.made

annuaire/static/vendor/.made: package.json package-lock.json tools/copy_assets.py | $(VENV)/.node
	@echo "Installation des fichiers du site…"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --silent --no-audit --no-fund
	@$(BIN)/python tools/copy_assets.py
	@touch $@

bench: $(VENV)/.runtime
	@for name in search match clauses import pages; do $(BIN)/annuaire bench $$name || exit 1; done

clean:
	rm -rf $(VENV) node_modules annuaire/static/vendor .mypy_cache .ruff_cache .pytest_cache
