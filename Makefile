# Every target works as the first command in a fresh clone: it needs only Python 3.10+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
N ?= 2000

.PHONY: demo test check format new-rule docs site fuzz bench sarif-check parity clean

demo: $(READY)  ## lint the example shop
	@$(BIN)/meshlint --fail-on never examples/shop

test: $(READY)  ## all tests
	@$(BIN)/python -m pytest -n auto tests

check: $(READY)  ## format, lint, types, import contracts, generated files, the wheel
	@$(BIN)/python tools/check.py

format: $(READY)  ## write what `make check` would complain about
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

new-rule: $(READY)  ## CODE=ML299 NAME=bad-thing TOPIC=routing: write the skeleton of a rule
	@$(BIN)/python tools/new_rule.py $(CODE) $(NAME) $(TOPIC)

docs: $(READY)  ## write everything that is generated: rule pages, rule index, schema of the configuration
	@$(BIN)/python tools/generate.py

site: $(READY)  ## build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "site/index.html"

fuzz: $(READY)  ## N=200000: mutated documents against the reader's oracles
	@$(BIN)/python tools/fuzz.py --count $(N)

bench: $(READY)  ## speed, memory and growth on generated corpora
	@$(BIN)/python benchmarks/run.py

sarif-check: $(READY)  ## SARIF against Microsoft's multitool (needs npm)
	@$(BIN)/python tools/sarif_check.py

parity: $(READY)  ## agreement with Istio's and Kiali's own tests
	@$(BIN)/python tools/parity.py

clean:
	@rm -rf $(VENV) build dist site

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("meshlint needs Python 3.10 or newer (PYTHON=python3.12 make ...)" if sys.version_info < (3, 10) else 0)'
	@test -x $(BIN)/python || { echo "setting up $(VENV) (once) ..." >&2; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
