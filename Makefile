# The commands of this checkout. Each first sets up what it needs (Python 3.12 or newer, .venv as requirements.lock says).
# The setup prints to standard error only, so that the standard output of `make bench` has only its figures.

PORT ?= 8000
PREPARE = @python3 tools/prepare.py
BIN = .venv/bin
WORKERS = $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 2 ] && echo $$n || echo 2)
SHELL = /bin/bash
MAKEFLAGS += --no-print-directory --silent

.DEFAULT_GOAL = help
.PHONY: demo test test-all browsers calendar lint style bench lighthouse pictures fuzz gateways soak faults seeded messages lock clean help

demo: ## start the demo on PORT=8000; Ctrl-C stops it; RESET=1 deletes its data first
	$(PREPARE)
	exec $(BIN)/mypolis demo --port $(PORT) $(if $(filter-out 0,$(RESET)),--reset)

test: ## run the tests, including those in a browser, except the long ones; ARGS="..." is passed to pytest
	$(PREPARE) --browser --scanner
	exec $(BIN)/pytest --quick -n $(WORKERS) --dist loadgroup $(ARGS)

test-all: ## run all tests: the long walks, more examples, a short run of every benchmark; then `make browsers` and `make calendar`
	$(PREPARE) --browser --scanner --faketime --other-browsers
	failed=0; $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS) || failed=1; \
	$(BIN)/pytest -n0 tests/browsers/walk_browsers.py || failed=1; \
	$(BIN)/python tools/other_clocks.py -n $(WORKERS) --dist loadgroup || failed=1; exit $$failed

browsers: ## walk through the portal in Firefox and Safari's engine; installs Debian packages if run as root; PICTURES=folder keeps pictures
	$(PREPARE) --other-browsers
	exec env MYPOLIS_TEST_PICTURES=$(PICTURES) $(BIN)/pytest -n0 tests/browsers/walk_browsers.py $(ARGS)

calendar: ## run the tests below HTTP under three other clocks (year end, 29 February, summer time); installs faketime if run as root
	$(PREPARE) --faketime
	exec $(BIN)/python tools/other_clocks.py -n $(WORKERS) --dist loadgroup $(ARGS)

lint: style ## check style, types, imports and house rules
	exec $(BIN)/pytest tests/house

style: ## check style and types only; `make test` includes the other checks of `make lint`
	$(PREPARE)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	MYPOLIS_MODE=test $(BIN)/mypy

bench: ## run the benchmarks, one JSON object per line; ONLY=roster runs one group
	$(PREPARE) --scanner
	exec $(BIN)/python -m benchmarks $(ONLY)

fuzz: ## send the API many valid and invalid requests; N=2000 per operation
	$(PREPARE)
	MYPOLIS_FUZZ_EXAMPLES=$(or $(N),2000) exec $(BIN)/pytest -n $(WORKERS) tests/api/test_conformance.py $(ARGS)

gateways: ## test sending SMS through a real gateway, Kannel; installs Debian's package if run as root
	$(PREPARE)
	command -v bearerbox >/dev/null && [ -x /usr/lib/kannel/test/fakesmsc ] || { \
	  [ "$$(id -u)" = 0 ] || { echo "make gateways needs Kannel: sudo apt-get install kannel kannel-extras" >&2; exit 1; }; \
	  apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends kannel kannel-extras >&2; }
	exec $(BIN)/pytest -n0 tests/kannel/prove_kannel.py

soak: ## measure the memory of web and worker under a steady load; MINUTES=20 RATE=20
	$(PREPARE)
	exec $(BIN)/python -m benchmarks.soak --minutes $(or $(MINUTES),20) --rate $(or $(RATE),20)

faults: ## PEOPLE=200 register and CLAIMS=200 are made while processes are killed (SEED=1 repeats a run); then each kind of fault alone
	$(PREPARE) --scanner
	exec env FAULTS=1 PEOPLE=$(or $(PEOPLE),200) CLAIMS=$(or $(CLAIMS),200) SEED=$(SEED) $(BIN)/pytest -n0 -s tests/faults

seeded: ## put 40 small faults into the code, one at a time, and check that tests catch each; ARGS="ledger" selects some
	$(PREPARE)
	exec $(BIN)/python tools/seeded_faults.py $(ARGS)

lighthouse: ## score the first pages with Lighthouse (needs npm), one JSON object per line; ARGS="--runs 3"
	$(PREPARE) --browser
	exec $(BIN)/python -m benchmarks.lighthouse $(ARGS)

pictures: ## take the pictures in README and docs again, from a demo of its own
	$(PREPARE) --browser
	exec $(BIN)/python -m tools.pictures

messages: ## update the translation files from the sources, and compile them
	$(PREPARE)
	exec $(BIN)/python tools/messages.py update

lock: ## update requirements.lock from pyproject.toml; ARGS=--upgrade takes newer versions
	@python3 tools/prepare.py --lock $(ARGS)

clean: ## delete what these commands made, except the demo's data (.mypolis)
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist static-built
	find src tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list these commands
	@sed -n 's/^\([a-z0-9-]*\):[a-z0-9 -]* ## /\1\t/p' Makefile | while IFS=$$'\t' read -r verb text; do printf '  make %-10s %s\n' "$$verb" "$$text"; done
