# The two commands: `make chat` talks with the corpus, `make test` checks everything.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

SOURCE ?= seeds
SIZES ?= 10000 100000

.PHONY: chat bench test lint tests crash chaos fuzz format lock clean

chat: $(VENV)/.installed
	$(BIN)/zhiwen chat

# The checks run beside the tests, and tell first.
test: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

tests: $(VENV)/.installed-dev
	$(BIN)/pytest --numprocesses=auto --dist=worksteal

# Kills a working process as often as KILLS says; what it leaves must be whole.
KILLS ?= 100
crash: $(VENV)/.installed-dev
	PYTHONPATH=.:tests $(BIN)/python tests/crashes.py $(KILLS)

# Kills, stops and starts the nodes of a cluster while it answers and is written.
chaos: $(VENV)/.installed-dev
	$(BIN)/pytest --chaos tests/test_cluster_trouble.py tests/test_cluster_bots.py

# Fuzzes each target for so many seconds; .fuzz keeps the inputs that led somewhere new.
FUZZ_SECONDS ?= 300
fuzz: $(VENV)/.installed-dev
	for target in records text callback archive webhook; do \
	  mkdir -p .fuzz/$$target && PYTHONPATH=. $(BIN)/python tests/fuzz/fuzz.py $$target \
	    -max_total_time=$(FUZZ_SECONDS) -timeout=60 -artifact_prefix=.fuzz/ .fuzz/$$target seeds || exit 1; \
	done

# Side by side with what could be used instead: SOURCE is a folder of record files, or a SQuAD file.
bench: $(VENV)/.installed-dev
	$(PIP) install -e .[bench]
	PYTHONPATH=tests $(BIN)/python -m bench.speed --source $(SOURCE) --sizes $(SIZES)

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Exact versions with hashes for every Python we support; no registry's address gets in. What builds a package from its
# source (jieba's and ours) is locked too, and installed first, so that pip fetches nothing else for it.
COMPILE = $(BIN)/uv pip compile --universal --python-version 3.11 --upgrade --generate-hashes --no-header --no-annotate \
  --no-emit-index-url
lock: $(VENV)/.installed-dev
	@$(PIP) install uv
	echo hatchling editables setuptools | tr ' ' '\n' | $(COMPILE) - -o requirements-build.txt
	$(COMPILE) pyproject.toml --extra postgres --extra formats --extra opensearch -c requirements-build.txt -o requirements.txt
	$(COMPILE) pyproject.toml --extra dev -c requirements-build.txt -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Where Python is told to write no bytecode, it would else compile all of it at each start: a quarter of its time.
COMPILED = $(BIN)/python -m compileall -q bot retrieval

$(VENV)/.installed: requirements-build.txt requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing zhiwen into $(VENV) ..."
	$(PIP) install --require-hashes -r requirements-build.txt
	$(PIP) install --require-hashes --no-build-isolation -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@$(COMPILED)
	@touch $@

$(VENV)/.installed-dev: requirements-build.txt requirements-dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing zhiwen and its development tools into $(VENV) ..."
	$(PIP) install --require-hashes -r requirements-build.txt
	$(PIP) install --require-hashes --no-build-isolation -r requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@$(COMPILED)
	@touch $@ $(VENV)/.installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("zhiwen needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
