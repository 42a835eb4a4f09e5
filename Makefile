# Verbs only; `make` prints them. Each verb does the set-up it needs, once.

PYTHON ?= python3
VENV ?= .venv
BENCH_VENV ?= .venv-bench
DOWNSTREAM_VENV ?= .venv-downstream
DOCS_VENV ?= .venv-docs
PYRIGHT_FOLDER ?= .venv-pyright
JOBS ?= 2
ARGS ?=

PY := $(VENV)/bin/python
UNDER_GUNICORN := tests/compat/test_third_party_names.py::test_workers_with_gunicorn \
	$(addprefix tests/functional/test_server_processes.py::,test_gunicorn test_gunicorn_with_tls)
ENV := $(VENV)/.ready
BUILT := $(VENV)/.built
BENCH_READY := $(BENCH_VENV)/.ready
BENCH := AIOHTTP_CORE_REQUIRE_EXTENSIONS=1 $(BENCH_VENV)/bin/python benchmarks
PYRIGHT := $(PYRIGHT_FOLDER)/node_modules/.bin/pyright
EXTENSION_SOURCES := $(wildcard _cparser/*.pyx _cparser/*.pxd _cparser/*.h _cparser/types/aiohttp_core/_cparser/*.pxd)
SHARED_SOURCES := $(shell sed -n 's/^ *"aiohttp_core\._cparser\.[a-z0-9_]*": "\(.*\)",$$/\1/p' setup.py)

.DEFAULT_GOAL := help
.PHONY: help run serve build test test-pure test-install downstream docs bench bench-quick bench-instructions bench-compare bench-page wheel shim-wheel lint format types arch fuzz asan clean pyright

help:  ## This list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  make %-18s %s\n", $$1, $$2 }'

run: $(BUILT)  ## Start the example server, fetch from it, print what came back
	$(PY) examples/demo.py $(ARGS)

serve: $(BUILT)  ## Keep the example server running
	$(PY) examples/server.py $(ARGS)

build: $(BUILT)  ## Set up .venv and compile what changed

test: $(BUILT)  ## The tests on the compiled twin (and on the pure one beside it)
	AIOHTTP_CORE_REQUIRE_EXTENSIONS=1 $(VENV)/bin/pytest -n $(JOBS) -m "not install" $(ARGS)

test-pure: $(ENV)  ## The tests with AIOHTTP_NO_EXTENSIONS=1
	AIOHTTP_NO_EXTENSIONS=1 $(VENV)/bin/pytest -n $(JOBS) -m "not install" $(ARGS)

test-install: $(ENV)  ## Wheels, source distributions and editable installs, in fresh environments
	CFLAGS="$${CFLAGS:--O0}" $(VENV)/bin/pytest -n $(JOBS) -m install tests/install $(ARGS)

downstream: $(DOWNSTREAM_VENV)/.ready  ## Libraries built on aiohttp, run on ours
	AIOHTTP_CORE_DOWNSTREAM=1 $(DOWNSTREAM_VENV)/bin/pytest -n $(JOBS) -c tests/downstream/pytest.ini tests/downstream $(UNDER_GUNICORN) $(ARGS)

docs: $(DOCS_VENV)/.ready  ## docs/_build/html, with warnings as errors
	$(DOCS_VENV)/bin/sphinx-build -W --keep-going -b html docs docs/_build/html $(ARGS)

bench: $(BENCH_READY)  ## All benchmarks, beside their peers
	$(BENCH) --save latest $(ARGS)

bench-quick: $(BENCH_READY)  ## The same with few short rounds: a feel, not a measurement
	$(BENCH) --quick $(ARGS)

bench-instructions: $(BENCH_READY)  ## Instructions for one request in process, by callgrind
	$(BENCH) instructions $(ARGS)

bench-compare: $(BENCH_READY)  ## ARGS="OLD.json NEW.json": changes beyond the noise, as JSON; fails if for the worse
	@$(BENCH) compare $(ARGS)

bench-page: $(BENCH_READY)  ## The tables and pictures of docs/performance.md, from benchmarks/results/reference.json
	$(BENCH) page docs benchmarks/results/reference.json

wheel: $(ENV)  ## dist/: the source distribution, a wheel for each CPython at hand, a pure one, all tried
	$(PY) tests/install/make_dist.py dist $(ARGS)

shim-wheel:  ## dist/: a wheel named aiohttp that only aliases
	$(PYTHON) shim/make_wheel.py dist

lint: $(ENV)  ## ruff
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

format: $(ENV)  ## Let ruff put the files in shape
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

types: $(ENV)  ## mypy --strict, and pyright where npm is
	$(VENV)/bin/mypy --strict aiohttp_core
	@if command -v npm >/dev/null && $(MAKE) --no-print-directory $(PYRIGHT); then $(MAKE) --no-print-directory pyright; \
	else echo "pyright is skipped: npm is not here, or does not reach its registry"; fi

pyright: $(BUILT) $(PYRIGHT)  ## pyright, strict, on a program as users write them
	$(PYRIGHT) --pythonpath $(PY) --project tests/typing/pyrightconfig.json $(ARGS)

arch: $(ENV)  ## The rules of the layers
	$(VENV)/bin/lint-imports
	$(VENV)/bin/pytest tests/architecture $(ARGS)
	@find aiohttp_core _cparser \( -name '*.py' -o -name '*.pyx' \) -exec wc -l {} + | \
		awk '$$1 > 600 && $$2 != "total" { print "over 600 lines, is it one thing? " $$2 ": " $$1 }'

fuzz: $(BUILT)  ## Random mutations into both parsers for 60 seconds
	AIOHTTP_CORE_REQUIRE_EXTENSIONS=1 $(PY) tests/fuzz/fuzz_parser.py $(ARGS)

asan: $(BUILT)  ## The tests of what is compiled on an AddressSanitizer build
	CFLAGS="-O1 -g -fsanitize=address -fno-omit-frame-pointer" LDFLAGS="-fsanitize=address" AIOHTTP_CORE_REQUIRE_EXTENSIONS=1 \
		$(PY) setup.py --quiet build --build-base build/asan --build-lib build/asan/lib --parallel $(JOBS)
	LD_PRELOAD="$$($${CC:-cc} -print-file-name=libasan.so)" ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc \
		PYTHONPATH=build/asan/lib AIOHTTP_CORE_REQUIRE_EXTENSIONS=1 \
		$(VENV)/bin/pytest -n $(JOBS) -k "not pure" tests/wire tests/connection tests/body tests/client tests/server $(ARGS)

clean:  ## Remove what was built, not the environments
	rm -rf build dist *.egg-info _cparser/*.so _cparser/*.c _cparser/*.html vendor/llhttp
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks .import_linter_cache
	rm -f $(VENV)/.built $(BENCH_VENV)/.ready
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +

# --- set-up -----------------------------------------------------------------------------------------------------------

# Installed pure and quickly here (setuptools' remark about editable installs is no news); the extensions are compiled
# in place by $(BUILT).
$(ENV): pyproject.toml
	[ -x $(PY) ] || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check "setuptools>=77" "Cython>=3.1,<4"
	PYTHONWARNINGS=ignore AIOHTTP_NO_EXTENSIONS=1 $(PY) -m pip install --quiet --disable-pip-version-check \
		--no-build-isolation --editable ".[test,lint]"
	touch $@

# Without network or compiler there is still the pure package: setup.py says so, and the stamp stays away. With both
# at hand a failure to compile is an error.
$(BUILT): $(ENV) setup.py vendor/llhttp.lock $(EXTENSION_SOURCES) $(SHARED_SOURCES)
	@if $(PY) vendor/materialise.py && command -v "$${CC:-cc}" >/dev/null; then \
		echo "compiling what changed" && AIOHTTP_CORE_REQUIRE_EXTENSIONS=1 $(PY) setup.py --quiet build_ext --inplace --parallel $(JOBS) && touch $@; \
	else \
		$(PY) setup.py --quiet build_ext --inplace; \
	fi

# The wheel named aiohttp stands where these libraries want aiohttp; its own requirement is the tree.
$(DOWNSTREAM_VENV)/.ready: $(BUILT) pyproject.toml tests/downstream/requirements.txt shim/make_wheel.py
	[ -x $(DOWNSTREAM_VENV)/bin/python ] || $(PY) -m venv $(DOWNSTREAM_VENV)
	$(DOWNSTREAM_VENV)/bin/python -m pip install --quiet --disable-pip-version-check "setuptools>=77" "Cython>=3.1,<4"
	PYTHONWARNINGS=ignore AIOHTTP_NO_EXTENSIONS=1 $(DOWNSTREAM_VENV)/bin/python -m pip install --quiet \
		--disable-pip-version-check --no-build-isolation --editable .
	$(PY) shim/make_wheel.py build/shim
	$(DOWNSTREAM_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps build/shim/aiohttp-*.whl
	$(DOWNSTREAM_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/downstream/requirements.txt
	touch $@

$(DOCS_VENV)/.ready: $(BUILT) pyproject.toml
	[ -x $(DOCS_VENV)/bin/python ] || $(PY) -m venv $(DOCS_VENV)
	$(DOCS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check "setuptools>=77" "Cython>=3.1,<4"
	PYTHONWARNINGS=ignore AIOHTTP_NO_EXTENSIONS=1 $(DOCS_VENV)/bin/python -m pip install --quiet \
		--disable-pip-version-check --no-build-isolation --editable ".[docs]"
	touch $@

# Not a Python environment, but git ignores it by the same name.
$(PYRIGHT):
	timeout 180 npm install --silent --no-fund --no-audit --prefix $(PYRIGHT_FOLDER) pyright@1.1

# A peer that does not install is left out of the tables, with a word.
$(BENCH_READY): $(BUILT) pyproject.toml benchmarks/peers.txt
	[ -x $(BENCH_VENV)/bin/python ] || $(PY) -m venv $(BENCH_VENV)  # the Python that the extension was built for
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check "setuptools>=77" "Cython>=3.1,<4"
	PYTHONWARNINGS=ignore AIOHTTP_NO_EXTENSIONS=1 $(BENCH_VENV)/bin/python -m pip install --quiet \
		--disable-pip-version-check --no-build-isolation --editable ".[bench]"
	sed '/^#/d' benchmarks/peers.txt | while read -r peer; do \
		$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check "$$peer" || echo "left out: $$peer does not install"; \
	done
	touch $@
