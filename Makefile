# The verbs of this checkout. Each prepares what it needs (a Python 3.12+, .venv as requirements.lock says);
# preparing speaks on standard error only, so that `make bench` prints nothing but its figures.

PORT ?= 8000
PREPARE = @python3 tools/prepare.py
BIN = .venv/bin
WORKERS = $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 2 ] && echo $$n || echo 2)
SHELL = /bin/bash
MAKEFLAGS += --no-print-directory --silent

.DEFAULT_GOAL = help
.PHONY: demo test lint bench messages lock clean help

demo: ## start the demo on PORT=8000; Ctrl-C stops it; RESET=1 starts afresh
	$(PREPARE)
	exec $(BIN)/mypolis demo --port $(PORT) $(if $(filter-out 0,$(RESET)),--reset)

test: ## run all tests, the browser ones too; more arguments for pytest in ARGS="..."
	$(PREPARE) --browser
	exec $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

lint: ## check style, types, import contract and house rules
	$(PREPARE)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	MYPOLIS_MODE=test $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/house

bench: ## measure; one JSON object a line; ONLY=roster measures that part alone
	$(PREPARE)
	exec $(BIN)/python -m benchmarks $(ONLY)

messages: ## bring the translations in step with the sources, and compile them
	$(PREPARE)
	exec $(BIN)/python tools/messages.py update

lock: ## refresh requirements.lock from pyproject.toml; ARGS=--upgrade takes newer versions
	@python3 tools/prepare.py --lock $(ARGS)

clean: ## remove what these verbs made, but not the demo's data (.mypolis)
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist static-built
	find src tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@sed -n 's/^\([a-z]*\): ## /\1\t/p' Makefile | while IFS=$$'\t' read -r verb text; do printf '  make %-9s %s\n' "$$verb" "$$text"; done
