# Two commands do the work: `make report` and `make test`. Both set up everything they need.
PYTHON ?= python3
BIN = .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY = .venv/.ready

.PHONY: report test bench docs lab lint lock manual sbom clean

report: $(READY)
	$(BIN)/bwk run 2018-H1

test: $(READY) lint
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --durations=25 --cov --cov-report=term
	$(BIN)/python -m pytest --nbval -p no:cacheprovider -o addopts="" tests/nbval

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python tests/bench/run.py
	$(BIN)/bwk run 2018-H1
	$(BIN)/python tests/bench/export.py
	$(BIN)/python tests/bench/check.py 10
	$(BIN)/python tests/bench/verdicts.py $(SERIES)
	$(BIN)/python tests/bench/product.py 100
	$(BIN)/python tests/bench/claims.py
	$(BIN)/python tests/bench/statements.py
	$(BIN)/python tests/bench/attack.py
	$(BIN)/python tests/bench/growth.py
	$(BIN)/python tests/bench/planted.py 500 1
	$(BIN)/python tests/bench/edits.py
	$(BIN)/python tests/bench/hostile.py 500 1
	$(BIN)/python tests/bench/chaos.py 200 1

# Into build/docs: the pages of the API, and a gallery of figures and tables.
docs: $(READY)
	$(BIN)/pdoc --docformat numpy --output-directory build/docs bwk
	$(BIN)/python tests/gallery.py build/docs/gallery.html

# Into build/: every package with its version and licence, for a release (CycloneDX).
sbom: $(READY)
	mkdir -p build
	$(BIN)/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
	  -o build/sbom.json $(BIN)/python

lab: $(READY)
	$(BIN)/bwk lab

# After a change of the declared facts, tables or settings.
manual: $(READY)
	$(BIN)/python -c "from bwk.lists.explained import page; print(page(), end='')" > data/UITLEG.md
	$(BIN)/python -c "from bwk.tables import manual; print(manual(), end='')" > notebooks/Cijfers.md

# After a change of dependencies in pyproject.toml.
lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --all-extras --python-version 3.11 \
	  --no-header --no-annotate --no-strip-extras pyproject.toml -o requirements.lock

clean:
	rm -rf .venv

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)
