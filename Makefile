# make run: the lecture in a browser. make test: everything that must hold. Both set themselves up first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run dev test bench format

run: .venv/installed
	$(BIN)/streamlit run app.py --server.headless false

dev: .venv/installed
	$(BIN)/streamlit run app.py --server.fileWatcherType auto --client.showErrorDetails full

test: .venv/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: .venv/installed-test
	$(BIN)/python -m tests.benchmarks

format: .venv/installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/installed-test: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ .venv/installed
