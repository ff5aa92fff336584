# make run     set up and start: web chat on http://127.0.0.1:8080/, Telegram when a token is set
# make test    set up and run the tests
# make check   format, lint, types, floors, content
# make eval    answer quality beside its peers, ten minutes (more questions: EVAL_FILES="a.jsonl b.toml")
# make bench   speed of imports, of answers about figures and with pictures, and of the whole bot beside bare echo bots
# make setup   only install into .venv (or $VENV)

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

COMPILE := $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header pyproject.toml --group build

.PHONY: run test check format eval bench setup dev lock

setup: $(VENV)/.run
dev: $(VENV)/.dev

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dvcbot needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	@echo "== Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "== Installing what dvcbot needs (pinned with hashes)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bot handlers knowledge
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "== Installing what the tests and checks need (pinned with hashes)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

run: setup
	@$(BIN)/dvcbot run

test: dev
	@$(BIN)/python -m pytest

check: dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/dvcbot knowledge check

format: dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

eval: dev
	@$(BIN)/python -m benchmarks.answers

bench: dev
	@$(BIN)/python -m benchmarks.intake
	@$(BIN)/python -m benchmarks.figures
	@$(BIN)/python -m benchmarks.pictures
	@$(BIN)/python -m benchmarks.speed

# The tools' versions come first: what runs in production is then what was tested.
lock:
	@$(COMPILE) --group dev --group bench -o requirements-dev.lock
	@$(COMPILE) -c requirements-dev.lock -o requirements.lock
