# `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell tools/find_python.sh 3.11 || command -v python3)
VENV := .venv
BIN_FOLDER := bin
BIN := $(VENV)/$(BIN_FOLDER)
PYTEST := pytest
STAMP := $(VENV)/.set-up
LOCK := requirements/dev.txt
INSTALL := pip install --quiet --disable-pip-version-check
# For further environments, once uv is there: it takes seconds where pip takes half a minute.
UV_INSTALL := $(BIN)/uv pip install --quiet
# The client's stubs, which the server needs and no registry has.
CLIENT := generated/python
# Clients in other languages, each with a generator, a runner of the contract suite, an example and a pack.
CLIENT_LANGUAGES := go java rust typescript
# Generators take buf and Python from the environment.
GENERATE := PATH="$(CURDIR)/$(BIN):$$PATH" PYTHON="$(CURDIR)/$(BIN)/python"
# Folders of builds, which are no part of a client.
BUILT := node_modules target dist __pycache__
# What runs on every supported Python and on the oldest dependencies; the whole suite runs on one.
SHORT_TESTS := tests/unit tests/contract tests/hostile/test_frames.py tests/hostile/test_compressed_requests.py tests/rpc/test_first_call.py tests/rpc/test_paging.py \
  tests/rpc/test_watch.py
# What `make test` leaves out.
QUICK := not slow and not deep and not toolchains
# How many tests run at once. They wait for servers for a third of the time, so two cores have enough with four.
AT_ONCE ?= 4
# What `make test-deep` runs for long.
DEEP_TESTS := tests/property tests/reliability/test_crash.py
PYTHONS ?= 3.12 3.13 3.14
PYTEST_ARGS ?=
BENCH_ARGS ?=
REASONS ?= .reasons
DATABASE ?= sqlite:backscroll.db
LISTEN ?= 127.0.0.1:50051
SECURE ?= secure
PROTOS := $(shell find protos -name '*.proto' | sort)

.PHONY: help reasons setup run run-secure test test-postgres test-deep test-slow test-hostile clients check-clients build-clients test-clients test-clients-slow test-pythons test-floors test-accepting lint lock format proto golden mutants release-contract test-coverage check-generated wheel-check check-client check-wheels bench clean

help:  ## Says what each target does.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml $(CLIENT)/pyproject.toml $(LOCK)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(INSTALL) --require-hashes --requirement $(LOCK)
	$(BIN)/$(INSTALL) --no-build-isolation --no-deps --editable $(CLIENT) --editable .
	touch $(STAMP)

setup: $(STAMP)  ## Makes a virtual environment in .venv with everything.

run: $(STAMP)  ## Serves on 127.0.0.1:50051, with SQLite in this folder.
	$(BIN)/backscroll serve --database $(DATABASE) --listen $(LISTEN)

run-secure: $(STAMP)  ## Serves over TLS, for callers with a service key; both are made in SECURE where they are not there yet.
	$(BIN)/python -m tools.self_made $(SECURE)
	$(BIN)/backscroll serve --database $(DATABASE) --listen $(LISTEN) --auth key --key-file $(SECURE)/keys \
	  --tls-certificate $(SECURE)/server.pem --tls-key $(SECURE)/server.key

test: $(STAMP)  ## Runs the tests; PYTEST_ARGS reaches pytest.
	$(BIN)/$(PYTEST) -n $(AT_ONCE) --dist loadfile -m '$(QUICK)' -rsfE $(PYTEST_ARGS)

test-coverage: $(STAMP)  ## Runs the tests as `test` does, and prints how much of the service they run, servers included.
	$(BIN)/coverage erase
	$(MAKE) test PYTEST='coverage run -m pytest'
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Without a server here that is said and passed over, unless REQUIRE_POSTGRES is set.
test-postgres: $(STAMP)  ## Runs the tests on PostgreSQL: a server of their own, or BACKSCROLL_TEST_POSTGRES_URL.
	if $(BIN)/python -m tools.postgres_cluster; then \
	  BACKSCROLL_TEST_DATABASE=postgres $(BIN)/pytest -n $(AT_ONCE) --dist loadfile -m '$(QUICK)' -rsfE $(PYTEST_ARGS); \
	else \
	  test -z "$(REQUIRE_POSTGRES)"; \
	fi

# A Python that is not here is said and passed over, unless REQUIRE_PYTHONS names it.
test-pythons: $(STAMP)  ## Runs a short form of the tests on the other Pythons that the machine has.
	for version in $(PYTHONS); do \
	  python=$$(tools/find_python.sh $$version) || { echo "skipped: no Python $$version that runs"; \
	    [[ " $(REQUIRE_PYTHONS) " != *" $$version "* ]]; continue; }; \
	  echo "on $$($$python --version)"; \
	  test .venv-$$version/.set-up -nt $(LOCK) || { $$python -m venv --without-pip .venv-$$version; \
	    $(UV_INSTALL) --python .venv-$$version --require-hashes --requirement $(LOCK); \
	    $(UV_INSTALL) --python .venv-$$version --no-build-isolation --no-deps --editable $(CLIENT) --editable .; \
	    touch .venv-$$version/.set-up; }; \
	  .venv-$$version/$(BIN_FOLDER)/pytest -n 2 -q -rsfE $(SHORT_TESTS); \
	done

test-floors: $(STAMP)  ## Runs a short form of the tests on the oldest dependencies that are allowed.
	$(BIN)/uv pip compile --quiet --resolution lowest-direct --no-header --no-annotate --extra postgres --extra sqlite --extra jwt --extra tls --no-emit-package backscroll-client pyproject.toml -o .floors.txt
	test .venv-floors/.set-up -nt pyproject.toml || { $(PYTHON) -m venv --without-pip .venv-floors; \
	  $(UV_INSTALL) --python .venv-floors --constraint .floors.txt --editable $(CLIENT) --editable '.[postgres,sqlite,jwt,tls,test]'; \
	  touch .venv-floors/.set-up; }
	.venv-floors/$(BIN_FOLDER)/pytest -n 2 -q -rsfE $(SHORT_TESTS)

test-accepting: $(STAMP)  ## Ends the accepting of calls, with a grpcio that is not allowed, and looks that the server ends.
	test -f .venv-accepting/.set-up || { $(PYTHON) -m venv --without-pip .venv-accepting; \
	  $(UV_INSTALL) --python .venv-accepting --editable $(CLIENT) --editable '.[postgres,sqlite,jwt,tls,test]'; \
	  $(UV_INSTALL) --python .venv-accepting --no-deps 'grpcio>=1.85,<1.86'; \
	  touch .venv-accepting/.set-up; }
	.venv-accepting/$(BIN_FOLDER)/pytest -q -rsfE tests/hostile/test_frames.py

mutants: $(STAMP)  ## Changes the rules that need no database, line by line, and looks whether a unit test notices.
	test .venv-mutants/.set-up -nt pyproject.toml || { $(PYTHON) -m venv --without-pip .venv-mutants; \
	  $(UV_INSTALL) --python .venv-mutants --editable $(CLIENT) --editable '.[sqlite,jwt,tls,test,mutants]'; \
	  touch .venv-mutants/.set-up; }
	.venv-mutants/$(BIN_FOLDER)/python tools/mutants.py

# The databases are SQLite and, where there is one, PostgreSQL.
test-deep: $(STAMP)  ## Runs the property tests for long, 500 runs of 50 steps, and kills a server 100 times, on both databases.
	BACKSCROLL_TEST_PROFILE=deep $(BIN)/pytest -n 2 -rsfE $(DEEP_TESTS) $(PYTEST_ARGS)
	if $(BIN)/python -m tools.postgres_cluster; then \
	  BACKSCROLL_TEST_PROFILE=deep BACKSCROLL_TEST_DATABASE=postgres $(BIN)/pytest -n 2 -rsfE $(DEEP_TESTS) $(PYTEST_ARGS); \
	fi

test-slow: $(STAMP)  ## Runs the tests that take longer than `make test` may.
	$(BIN)/pytest -m 'slow and not deep and not toolchains' -rsfE $(PYTEST_ARGS)

test-hostile: $(STAMP)  ## Attacks a server of its own on loopback, as hostile clients do; also what `make test` leaves out.
	$(BIN)/pytest tests/hostile -rsfE $(PYTEST_ARGS)

clients: $(STAMP)  ## Regenerates the clients in other languages from protos/; Python's is part of `proto`.
	for language in $(CLIENT_LANGUAGES); do $(GENERATE) protos/tools/generate_$$language.sh .; done

check-clients: $(STAMP)  ## Fails where committed clients in other languages are not what the protos give.
	rm -rf .generated && mkdir .generated
	tar -c $(BUILT:%=--exclude=%) generated | tar -x -C .generated
	for language in $(CLIENT_LANGUAGES); do $(GENERATE) protos/tools/generate_$$language.sh .generated; done
	diff -r $(BUILT:%=-x %) .generated/generated generated
	rm -rf .generated

build-clients: $(STAMP)  ## Builds the runners of the contract suite and the examples in other languages.
	for language in $(CLIENT_LANGUAGES); do \
	  tests/contract/runners/$$language/build.sh; \
	  examples/$$language/build.sh; \
	done

# A language that is not here is said and passed over, unless REQUIRE_TOOLCHAINS is set.
test-clients: $(STAMP)  ## Runs the contract suite, the examples and the packs of clients in five languages, and a watch behind Envoy.
	BACKSCROLL_TEST_REQUIRE_TOOLCHAINS=$(REQUIRE_TOOLCHAINS) $(BIN)/pytest tests/clients -m 'not slow' --durations=10 -rsfE $(PYTEST_ARGS)

test-clients-slow: $(STAMP)  ## Reads and follows 196,127 real messages with a Go client.
	BACKSCROLL_TEST_REQUIRE_TOOLCHAINS=$(REQUIRE_TOOLCHAINS) $(BIN)/pytest tests/clients -m slow -rsfE $(PYTEST_ARGS)

WORDS := protos service benchmarks tools tests examples README.md CHANGELOG.md docs generated/*/README.md

lint: $(STAMP)  ## ruff, mypy, import-linter, codespell, buf.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell $(WORDS)
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code
	PATH="$(CURDIR)/$(BIN):$$PATH" protos/tools/breaking.sh

format: $(STAMP)  ## Formats Python and protos.
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/buf format --write

proto: $(STAMP)  ## Regenerates the stubs, the descriptor set, the service configs and docs/api.md from protos/.
	$(BIN)/python protos/tools/generate.py .

release-contract: $(STAMP)  ## Renews the image of the released contract; BREAK=1 allows to break it.
	BREAK=$(BREAK) PATH="$(CURDIR)/$(BIN):$$PATH" protos/tools/release.sh

lock: $(STAMP)  ## Resolves the development environment again: the newest versions within the bounds.
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-header --no-annotate --python-version 3.11 --extra dev --no-emit-package backscroll-client pyproject.toml -o $(LOCK)

golden: $(STAMP)  ## Writes the golden files of the tests again.
	BACKSCROLL_TEST_WRITE_GOLDEN=1 $(BIN)/pytest -q tests/unit/storage/test_golden_sql.py

check-generated: $(STAMP)  ## Fails where committed generated files are not what the protos give.
	rm -rf .generated && mkdir .generated
	$(BIN)/python protos/tools/generate.py .generated
	for made in python descriptors backscroll_grpc_service_config.json; do \
	  diff -r -x '*.pyc' -x __pycache__ -x pyproject.toml -x README.md .generated/generated/$$made generated/$$made; \
	done
	diff .generated/docs/api.md docs/api.md
	diff -r -x '*.pyc' -x __pycache__ -x __init__.py .generated/service/backscroll_server/transport/tokens/v1 \
	  service/backscroll_server/transport/tokens/v1
	rm -rf .generated

wheel-check: $(STAMP)  ## Builds the wheels and imports them in an empty environment.
	protos/tools/wheel_check.sh $(BIN)/python

check-client: $(STAMP)  ## Installs the client alone, with its oldest and its newest dependencies, and calls a server with it.
	protos/tools/client_check.sh $(BIN)/python

# Without its own compiler an ARM machine installs what an x86-64 one does: libraries of C come as wheels.
check-wheels: $(STAMP)  ## Fails where a dependency has no wheel for Linux on x86-64 or ARM, with Python 3.11 or 3.14.
	for platform in x86_64-manylinux_2_28 aarch64-manylinux_2_28; do \
	  for version in 3.11 3.14; do \
	    count=$$($(BIN)/uv pip compile --quiet --only-binary :all: --python-platform $$platform --python-version $$version \
	      --all-extras --no-header --no-annotate --no-emit-package backscroll-client pyproject.toml | wc -l); \
	    echo "$$platform, Python $$version: $$count packages, all with wheels"; \
	  done; \
	done

# `DATABASE_UNAVAILABLE` is returned only where a test can end the PostgreSQL server.
reasons: $(STAMP)  ## Holds recorded reasons against the contract's comments; needs `test` and `test-postgres` with BACKSCROLL_TEST_REASONS=$PWD/.reasons.
	$(BIN)/python -m tools.reasons $(REASONS)

bench: $(STAMP)  ## Runs the benchmarks; BENCH_ARGS names cases.
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

clean:  ## Removes what the targets made, but no database.
	rm -rf $(VENV) .venv-* .floors.txt .generated .reasons dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .tools .build-clients.log
