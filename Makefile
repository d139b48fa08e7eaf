# make         set up, build a sample course, grade a sample class, show where it stands
# make test    set up, run the project's tests
# make setup   only set up

PYTHON ?= python3
# PyPI's build for Linux brings CUDA along. To use another one: make TORCH="torch --index-url ..."
TORCH ?= torch==2.13.0

# The topics of the sample course; "make TOPICS=" takes every topic, which takes its time.
TOPICS ?= -t 01 -t 03 -t 10 -t 11 -t 16

BIN := .venv/bin

.PHONY: demo test setup
demo: setup
	$(BIN)/autograder demo build/sample-course $(TOPICS)

test: setup
	$(BIN)/python -m pytest

setup: .venv/.installed

.venv/.installed: pyproject.toml
	@$(PYTHON) -c "import sys; sys.version_info >= (3, 10) or sys.exit('Python 3.10 or later is needed; name one: make PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@
