# `make demo` and `make test` start from a fresh clone: the first with Node 20 alone, the second with Python 3.11 or 3.12 too;
# `make help` lists the rest.
# Every step is a real file's rule, so a second run sets nothing up again.

# 3.11 or 3.12; kept for later calls by `export PYTHON=python3.12`.
PYTHON ?= python3.11
MODEL ?= models/shipped/student.keras
# The larger painter with the same style predictor, where there is one.
FINE ?= $(wildcard models/shipped/student-fine.keras)
PRECISION ?= float16
PORT ?= 4173

VENV := .venv
PY := $(VENV)/bin/python
ENV_READY := $(VENV)/.impasto-ready
NODE_READY := web_demo/node_modules/.package-lock.json
PAGE := web_demo/dist/index.html
# What the page is made of: a change rebuilds it. The model and the samples in web_demo/public are part of the repository;
# `make page-data` writes them anew.
PAGE_SOURCES := $(shell find web_demo/src web_demo/public -type f 2>/dev/null) \
	$(wildcard web_demo/index.html web_demo/package.json web_demo/vite.config.ts web_demo/tsconfig*.json)
PYTHON_ROOMS := impasto datasets models stylize train export tests

export TF_CPP_MIN_LOG_LEVEL := 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PORT
# The first that exists. CHROMIUM=/path/to/chrome names another.
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome google-chrome-stable,$(shell command -v $(name) 2>/dev/null)))
export CHROMIUM
# What tests use besides Chromium, by Debian's names: Firefox, WebKitGTK with a display and its decoders of films, and the reader of films.
TEST_PACKAGES := firefox-esr webkit2gtk-driver xvfb gstreamer1.0-plugins-good ffmpeg

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The steps share two cores and print in order.
.NOTPARALLEL:
.SUFFIXES:
.PHONY: help demo test env hashes node chromium browsers lint types imports test-page test-browser test-smoke test-wheel test-docs test-jax test-python page-data build serve bench-browser bench-page bench-first-visit bench-python bench-training weights clean

help:  ## list the targets
	@echo "Impasto. Targets:"
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'
	@echo "Variables: PYTHON=$(PYTHON) MODEL=$(MODEL) PRECISION=$(PRECISION) PORT=$(PORT) CHROMIUM=$(CHROMIUM)"

demo: build serve  ## build the page and serve it on this machine; needs Node alone

# pytest comes last: its closing line ends the output.
test: lint types imports test-page test-browser test-smoke test-wheel test-docs test-jax test-python  ## everything that CI runs, in its order

# --- set-up ---

env: $(ENV_READY)  ## Python environment with every dependency, in .venv

# Where every file has a hash, each is compared with it, and nothing else is installed or downloaded to build with.
# `promise` has no wheel, and is built with the setuptools that are there by then.
HASHED := $(filter Linux-x86_64,$(shell uname -sm | tr ' ' -))
VERSION := import sys; print(sys.version_info[:2])
HASHED_INSTALL := $(PY) -m pip install -qq --require-hashes --no-deps --no-build-isolation --only-binary :all: --no-binary promise

$(ENV_READY): setup.cfg pyproject.toml constraints.txt requirements.txt requirements-build.txt
	@command -v $(PYTHON) >/dev/null || { echo "error: Python 3.11 or 3.12 is needed and \`$(PYTHON)\` was not found; name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' || { echo "error: Python 3.11 or 3.12 is needed, \`$(PYTHON)\` is $$($(PYTHON) --version 2>&1 | head -n 1); name another: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "==> Python environment in $(VENV) (first time: about 2 GB and a few minutes)"
	@test -x $(PY) && test "$$($(PY) -c '$(VERSION)')" = "$$($(PYTHON) -c '$(VERSION)')" || $(PYTHON) -m venv --clear $(VENV)
	@if test -n "$(HASHED)"; then \
		$(HASHED_INSTALL) -r requirements-build.txt && $(HASHED_INSTALL) -r requirements.txt \
			&& $(PY) -m pip install -qq --no-deps --no-build-isolation --editable .; \
	else $(PY) -m pip install -qq --constraint constraints.txt --editable '.[dev]'; fi
	@$(PY) -m pip check --quiet
	@touch $@

# In an environment of its own: it is no part of ours.
UV := uv==0.13.9
hashes:  ## write requirements.txt, the hash of every file that constraints.txt names, as PyPI tells them
	@$(PYTHON) -m venv build/uv && build/uv/bin/pip install -qq '$(UV)'
	@build/uv/bin/uv pip compile constraints.txt $(COMPILE) --output-file requirements.txt
	@grep -E '^(setuptools|wheel)==' constraints.txt | build/uv/bin/uv pip compile - $(COMPILE) --output-file requirements-build.txt
	@rm -rf build/uv

COMPILE := --quiet --no-deps --generate-hashes --universal --python-version 3.11 --no-annotate --custom-compile-command 'make hashes'

node: $(NODE_READY)  ## npm packages of the page, in web_demo/node_modules

$(NODE_READY): web_demo/package-lock.json web_demo/package.json
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "error: Node 20.19 or later with npm is needed and \`node\` or \`npm\` was not found" >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || { echo "error: Node 20.19 or later is needed, \`node\` is $$(node --version)" >&2; exit 1; }
	@echo "==> npm packages of the page (first time: about half a minute)"
	@cd web_demo && npm ci --no-progress --loglevel=error
	@touch $@

chromium:
	@if test -n "$(CHROMIUM)"; then :; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "==> Chromium for the browser tests, through apt-get (a minute or two)"; \
		log=$$(mktemp); \
		{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium; } >"$$log" 2>&1 \
			|| { tail -n 20 "$$log" >&2; echo "error: apt-get could not install chromium" >&2; exit 1; }; \
		rm -f "$$log"; \
	else \
		echo "error: the browser tests need Chromium. Install it with this command, or name another with CHROMIUM=PATH:" >&2; \
		echo "  sudo apt-get install --yes chromium" >&2; exit 1; \
	fi

# Where they may not be installed, the smoke run and pytest say what they leave out; in CI they fail.
browsers: chromium
	@if command -v dpkg-query >/dev/null && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		missing=$$(for name in $(TEST_PACKAGES); do dpkg-query --show --showformat='$${db:Status-Status}\n' $$name 2>/dev/null | grep -qx installed || echo $$name; done); \
		if test -n "$$missing"; then \
			echo "==> for the smoke run and the tests of films, through apt-get (a minute or two):" $$missing; \
			log=$$(mktemp); \
			{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $$missing; } >"$$log" 2>&1 \
				|| { tail -n 5 "$$log" >&2; echo "note: apt-get could not install" $$missing >&2; }; \
			rm -f "$$log"; \
		fi; \
	fi

# --- the page ---

page-data: $(ENV_READY) $(NODE_READY)  ## write what the page serves anew: samples, exported model, vectors (MODEL=, FINE=, PRECISION=)
	@echo "==> sample photographs and generated styles (a few seconds)"
	@$(PY) -m datasets samples --out web_demo/public/samples
	@echo "==> exporting $(MODEL) to TensorFlow.js, $(PRECISION), and running the result against Keras (half a minute)"
	@$(PY) -m export tfjs --model $(MODEL) $(if $(FINE),--painter fine=$(FINE)) --out web_demo/public/model --precision $(PRECISION)
	@echo "==> style vectors of the samples (seconds)"
	@$(PY) -m export vectors --model web_demo/public/model --samples web_demo/public/samples

build: $(PAGE)  ## build the page into web_demo/dist

$(PAGE): $(NODE_READY) $(PAGE_SOURCES)
	@echo "==> building the page (a few seconds)"
	@cd web_demo && npm run --silent build -- --logLevel warn
	@touch $@

serve: $(PAGE)  ## serve the built page on this machine only (PORT=)
	@echo "==> serving Impasto on this machine; Ctrl-C stops it. Its address (PORT= asks for another):"
	@cd web_demo && npm run --silent serve

# --- checks ---

lint: $(ENV_READY) $(NODE_READY)  ## ruff and eslint (seconds)
	@echo "==> lint: ruff (seconds)"
	@$(VENV)/bin/ruff check --quiet . && $(VENV)/bin/ruff format --check --quiet .
	@echo "==> lint: eslint (seconds)"
	@cd web_demo && npm run --silent lint

types: $(ENV_READY) $(NODE_READY)  ## mypy and tsc (half a minute the first time)
	@echo "==> types: mypy (half a minute the first time)"
	@$(VENV)/bin/mypy
	@echo "==> types: tsc (seconds)"
	@cd web_demo && npm run --silent typecheck

imports: $(ENV_READY)  ## imports between the packages run one way (seconds)
	@echo "==> import directions: import-linter (seconds)"
	@$(VENV)/bin/lint-imports --config setup.cfg

test-page: $(NODE_READY)  ## unit tests of the page (seconds)
	@echo "==> page: vitest (seconds)"
	@cd web_demo && npm run --silent test

test-browser: $(PAGE) chromium  ## the built page in Chromium (about a minute)
	@echo "==> page in Chromium (about a minute)"
	@cd web_demo && CHROMIUM="$${CHROMIUM:-$$(command -v chromium)}" npm run --silent test:browser

test-smoke: $(PAGE) browsers  ## the built page in Firefox and WebKitGTK, where they are installed (a minute)
	@echo "==> page in Firefox and WebKitGTK (a minute)"
	@cd web_demo && CHROMIUM="$${CHROMIUM:-$$(command -v chromium)}" npm run --silent test:smoke

test-python: $(ENV_READY) $(NODE_READY)  ## pytest, two processes (minutes)
	@echo "==> Python tests (a few minutes)"
	@$(PY) -m pytest --no-header --watch-checkout --numprocesses 2 --dist loadfile --no-loadscope-reorder $(PYTEST_FLAGS)

test-wheel: $(ENV_READY)  ## the wheel in clean environments of two Pythons (a minute)
	@echo "==> the wheel in clean environments of two Pythons (a minute)"
	@$(PY) -m pytest --no-header --quiet --slow tests/test_impasto_wheel.py

test-jax: $(ENV_READY)  ## painting and training on JAX, where TensorFlow cannot be imported (a minute)
	@echo "==> painting and training on JAX (a minute)"
	@$(PY) -m pytest --no-header --quiet --slow tests/test_models_jax.py tests/test_train_jax.py

test-docs: $(ENV_READY) $(NODE_READY)  ## the guides' commands that take long (three minutes)
	@echo "==> commands of the guides (three minutes)"
	@$(PY) -m pytest --no-header --quiet --slow tests/test_docs.py

bench-browser: $(NODE_READY) chromium  ## networks in Chromium beside a published one (BENCH_FLAGS=--help)
	@CHROMIUM="$${CHROMIUM:-$$(command -v chromium)}" node benchmarks/browser/run.mjs $(BENCH_FLAGS)

bench-page: $(PAGE) chromium  ## the built page: first picture, answers, live frames, Lighthouse (fetched by npx)
	@CHROMIUM="$${CHROMIUM:-$$(command -v chromium)}" node benchmarks/browser/studio.mjs

bench-first-visit: $(PAGE) chromium  ## a first visit on a slow line, with a slow processor (BENCH_FLAGS='--rounds 3 --files')
	@CHROMIUM="$${CHROMIUM:-$$(command -v chromium)}" node benchmarks/browser/first_visit.mjs $(BENCH_FLAGS)

bench-python: $(ENV_READY)  ## networks in Python beside a published package (BENCH_FLAGS=--help)
	@$(PY) -m benchmarks.python --model $(MODEL) $(BENCH_FLAGS)

bench-training: $(ENV_READY)  ## training steps beside the machine's convolutions (BENCH_FLAGS=--help)
	@$(PY) -m benchmarks.training $(BENCH_FLAGS)

include train/weights.mk
include export/release.mk

clean:  ## delete what the targets above generated, but not the two environments
	rm -rf web_demo/dist web_demo/test-results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build *.egg-info
	find $(PYTHON_ROOMS) -name __pycache__ -type d -prune -exec rm -rf {} +
