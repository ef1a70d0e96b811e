# Two commands do all: `make explore` and `make test`. Each makes the virtual environment on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help explore test check format bench clean

help:
	@echo "make explore   build the explorer of the whole graph and open it"
	@echo "make test      lint, types, ontology check, tests and notebooks"
	@echo "make bench     the benchmarks, side by side with peers"
	@echo "make format    write code and ontology in their one form"

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.developing: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $(VENV)/.installed $@

explore: $(VENV)/.installed
	$(BIN)/kg explore

test: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/kg check
	$(BIN)/python -m pytest -n auto --dist loadfile --nbmake --nbmake-timeout=300 tests kg notebooks

format: $(VENV)/.developing
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/nbstripout --keep-id notebooks/*.ipynb
	$(BIN)/kg check --fix

bench: $(VENV)/.developing
	$(BIN)/python -m tests.benchmarks.start

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
