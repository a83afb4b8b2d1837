# The two commands that matter: make run, make test. Everything they need is set up by them.
PYTHON ?= $(shell command -v python3 || command -v python)
VENV := .venv/bin
ARGS ?=
export RASA_TELEMETRY_ENABLED := false

.PHONY: help setup environment run cluster test test-faults train shell lint evaluate benchmark clean
.DEFAULT_GOAL := help

help:  ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## get and build everything (run and test do this by themselves)
	@$(PYTHON) scripts/setup.py

environment:
	@$(PYTHON) scripts/setup.py --environment

run: setup  ## start the assistant; prints the address of the chat page (HOST, PORT; Ctrl-C ends it)
	@exec $(VENV)/python -m twitchwise serve $(ARGS)

cluster: setup  ## start two servers with PostgreSQL, Redis and nginx on this machine (PORT, ARGS="--servers 3"; Ctrl-C ends all)
	@exec $(VENV)/python -m twitchwise cluster $(ARGS)

test: setup  ## run all tests (ARGS="tests/unit -k guard" for some)
	@$(VENV)/python -m pytest -m "not faults" $(ARGS)

test-faults: setup  ## run the long fault tests
	@$(VENV)/python -m pytest -m faults $(ARGS)

train: environment  ## train the model, also when nothing changed
	@$(VENV)/python -m twitchwise build --force

shell: setup  ## talk to the assistant in this terminal
	@exec $(VENV)/python -m twitchwise shell

lint: environment  ## check style and types
	@$(VENV)/ruff check .
	@$(VENV)/mypy

evaluate: setup  ## score the assistant on the project's own held-out cases
	@$(VENV)/python -m twitchwise evaluate $(ARGS)

benchmark: setup  ## compare with stock Rasa and write docs/performance.md (an hour; ARGS=--quick: some fifteen minutes)
	@$(VENV)/python -m benchmarks $(ARGS)

clean:  ## remove what was built (not the database in var/)
	rm -rf .venv .uv .rasa .pytest_cache .hypothesis .mypy_cache .ruff_cache models/*.tar.gz models/*.json models/*.txt models/*.npz models/*.lock models/encoder models/wordings
	rm -rf web/dist web/generated web/node_modules
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
