# make demo and make test need Python 3.11 or newer with its venv module, and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test lint man screens fuzz soak cluster clean

help:
	@echo "make demo     set up, index sample_data, search it for \"calexit\""
	@echo "make test     set up, run the tests"
	@echo "make lint     set up, run ruff, mypy and import-linter"
	@echo "make man      set up, write the manual page to build/newsidx.1"
	@echo "make screens  set up, draw the screens in docs/screens anew"
	@echo "make fuzz     set up, read damaged files of each format for ten minutes"
	@echo "make soak     set up, kill runs of newsidx and read beside a writer for an hour"
	@echo "make cluster  set up, kill one of three OpenSearch nodes under load (needs Maven, a JDK)"
	@echo "make clean    remove what the others made"

demo: $(VENV)/.installed
	@$(BIN)/newsidx index sample_data --index .demo
	@$(BIN)/newsidx search "calexit" --index .demo

# Tests start newsidx thousands of times; where Python is told to write no bytecode it would be
# compiled as often.
test: $(VENV)/.installed-test
	@$(BIN)/python -m compileall -q newsidx
	@$(BIN)/python -m pytest -n auto

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

screens: $(VENV)/.installed-test
	@$(BIN)/python -m tests.screens

man: $(VENV)/.installed
	@mkdir -p build
	@$(BIN)/newsidx man > build/newsidx.1
	@echo "Written to build/newsidx.1. Read it: man -l build/newsidx.1"

fuzz: $(VENV)/.installed-test
	@$(BIN)/python -m tests.fuzz --minutes 10

soak: $(VENV)/.installed-test
	@$(BIN)/python -m tests.crash --minutes 10 --kills 120 --every-step --histories 100

cluster: $(VENV)/.installed-test
	@$(BIN)/python benchmarks/cluster.py

clean:
	rm -rf $(VENV) .demo build dist *.egg-info

# One stamp for each set of packages; made anew when pyproject.toml changes.
$(VENV)/.installed: pyproject.toml | $(BIN)/pip
	@$(BIN)/pip install -qq --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/pip
	@$(BIN)/pip install -qq --disable-pip-version-check -e ".[test]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/pip
	@$(BIN)/pip install -qq --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/.installed $(VENV)/.installed-test

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON). Install Python 3.11 or newer, or say: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "newsidx needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>&1). Say: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
