# One command each; `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
ARGS ?=
VIDEO ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-openvino fuzz lint types arch fix bench bench-vision proto docs snapshots locks clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp names the lock, so a changed lock installs again and an unchanged one costs nothing.
$(VENV)/.run-stamp: requirements/run.txt pyproject.toml
	@sh tools/venv.sh $(PYTHON) $(VENV) requirements/run.txt
	@touch $@

$(VENV)/.dev-stamp: requirements/dev.txt pyproject.toml
	@sh tools/venv.sh $(PYTHON) $(VENV) requirements/dev.txt
	@touch $(VENV)/.run-stamp $@

demo: $(VENV)/.run-stamp ## analyse the synthetic match (or VIDEO=path) end to end, e.g. make demo ARGS=--exit
	@$(BIN)/touchline demo $(if $(VIDEO),"$(VIDEO)") $(ARGS)

test: $(VENV)/.dev-stamp ## lint, types, import contracts and every test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest $(if $(ARGS),$(ARGS),-n 2 --dist worksteal)

test-openvino: ## test the OpenVINO detector, in an environment of its own
	@sh tools/venv.sh $(PYTHON) .venv-openvino requirements/dev.txt
	@.venv-openvino/bin/python -m pip --disable-pip-version-check install -q --only-binary=:all: -e '.[fast]'
	@.venv-openvino/bin/python -m pytest -m openvino tests/engine

fuzz: $(VENV)/.dev-stamp ## ask every operation of both APIs many odd things, e.g. make fuzz ARGS=1000
	@TOUCHLINE_TEST_FUZZ=$(or $(ARGS),300) $(BIN)/python -m pytest -n 2 tests/api/test_fuzz.py tests/api/test_hostile.py

lint: $(VENV)/.dev-stamp ## check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev-stamp ## check types
	@$(BIN)/mypy

arch: $(VENV)/.dev-stamp ## check that imports only go down
	@$(BIN)/lint-imports

fix: $(VENV)/.dev-stamp ## format and repair what can be repaired
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev-stamp ## measure speed and accuracy, one table
	@$(BIN)/python -m bench $(ARGS)

# The environment of `make test-openvino`, where it is there, can time OpenVINO too.
bench-vision: $(VENV)/.dev-stamp ## measure detector, pitch gate and ball, e.g. make bench-vision ARGS=--write-docs
	@$(or $(wildcard .venv-openvino/bin/python),$(BIN)/python) -m bench.vision $(ARGS)

proto: $(VENV)/.dev-stamp ## make the gRPC code from proto/analysis.proto
	@$(BIN)/python tools/make_proto.py

docs: $(VENV)/.dev-stamp ## write the generated pages and .env.example anew
	@$(BIN)/python tools/make_docs.py

snapshots: $(VENV)/.dev-stamp ## write the OpenAPI documents that tests compare with anew
	@$(BIN)/python tools/make_snapshots.py

locks: ## make the lock files anew from pyproject.toml (hashes, no download addresses)
	@$(PYTHON) -m venv build/locks && build/locks/bin/python -m pip --disable-pip-version-check install -q uv
	@build/locks/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header pyproject.toml -o requirements/run.txt
	@build/locks/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header pyproject.toml --extra scale --group dev -c requirements/run.txt -o requirements/dev.txt
	@build/locks/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header training/requirements.in -c requirements/run.txt -o training/requirements.txt

clean: ## remove the environment and build products
	@rm -rf $(VENV) .venv-openvino build dist .mypy_cache .ruff_cache
