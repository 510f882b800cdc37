# make run: the lecture in a browser. make class: the same for a room. make test: everything that must hold; make quick:
# the part of it that needs no worker and no browser, in a minute and a half.
# Each sets itself up first.
PYTHON ?= python3
BIN := .venv/bin
TOGETHER := -n 2 --dist loadfile --no-loadscope-reorder
ADDRESSES = localhost 127.0.0.1 $(shell hostname) $(shell hostname -I 2>/dev/null)

.PHONY: run class dev test check tests quick soak bench lecture format

run: .venv/installed
	$(BIN)/streamlit run app.py --server.headless false

class: .venv/installed
	$(BIN)/python -m pages.serving.classroom $(ADDRESSES)

dev: .venv/installed
	$(BIN)/streamlit run app.py --server.fileWatcherType auto --client.showErrorDetails full

test: .venv/installed-test
	$(MAKE) --jobs=2 check tests

check: .venv/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

tests: .venv/installed-test
	$(BIN)/python -m pytest -m "not alone and not soak" $(TOGETHER)
	$(BIN)/python -m pytest -m "alone and not soak"

quick: .venv/installed-test
	$(BIN)/python -m pytest -m "not workers and not browser and not alone and not slow and not soak" $(TOGETHER)

# Full matrices, each of which proves a kind once, for hours; the result goes into the README with its day.
soak: .venv/installed-bench
	$(BIN)/python -m tests.benchmarks.soak $(TOGETHER)

# Everything, about half an hour with nothing else running; make bench PARTS="latency class" measures these alone.
bench: .venv/installed-bench
	$(BIN)/python -m tests.benchmarks $(PARTS)

# The lecture's four models trained as printed, beside its figures; about 20 minutes on two quiet cores.
lecture: .venv/installed
	$(BIN)/python -m nncore.reference.reproduce

format: .venv/installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m pages.ui.contents

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/installed-test: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ .venv/installed

.venv/installed-bench: .venv/installed-test
	$(BIN)/python -m pip install --quiet --editable '.[test,bench]'
	touch $@
