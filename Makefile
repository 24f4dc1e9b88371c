# Kulan: the words of everyday work. `make` alone lists them; CI uses the same ones.

SHELL := /bin/sh
STATE ?= $(or $(KULAN_STATE),kulan-state)
OUT ?= screening-example
LANGUAGE ?= en
EXAMPLE ?= examples/planned-railway.geojson
PORT ?= 8000
PY := .venv/bin/python
KULAN := .venv/bin/kulan
export KULAN_PYTHON

.DEFAULT_GOAL := help
.PHONY: help run example test check fix words reference docs bench wheel lock front environment developers clean

help: ## list these words
	@echo "make ..."
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-13s %s\n", $$1, $$2 }'
	@echo "STATE=folder keeps the Atlas elsewhere; PORT=8080 is for make run."
	@echo "OUT=folder and LANGUAGE=en|ru|fr are for make example."

run: environment ## serve the Atlas to browsers, with one demonstration account for each role
	@$(KULAN) atlas build --state "$(STATE)"
	@exec $(KULAN) serve --state "$(STATE)" --demo --port "$(PORT)"

example: environment ## screen the example line, say where its report lies
	@$(KULAN) atlas build --state "$(STATE)"
	@$(KULAN) screen "$(EXAMPLE)" --state "$(STATE)" --out "$(OUT)" --lang "$(LANGUAGE)" --replace

test: developers ## every test that needs no service (PYTEST="-k crossing" narrows it)
	@$(PY) -m pytest $(PYTEST)

check: developers ## style, types, imports, translations, generated pages; changes nothing
	@sh tools/check.sh

fix: developers ## mend what a machine can: imports, format, generated pages
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .
	@$(MAKE) --no-print-directory words reference

words: developers ## collect the translatable words and compile the translations
	@$(PY) tools/extract_words.py

reference: developers ## write the generated pages of docs/reference anew
	@$(PY) tools/make_reference.py

docs: developers ## build the documentation into docs/_build/html; a warning is an error
	@$(PY) -m sphinx -n -W --keep-going -q -b html -d docs/_build/doctrees docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: developers ## run the benchmarks, each beside a plain way to the same answer
	@for file in $$(find benchmarks -name '[a-z]*.py' | sort); do echo "== $$file"; $(PY) "$$file" || exit 1; done

wheel: developers ## build dist/kulan-*.whl
	@rm -rf dist && $(PY) -m build --wheel --no-isolation --outdir dist . >/dev/null && ls dist/*.whl

lock: ## renew requirements*.lock from pyproject.toml (needs uv)
	@sh tools/lock.sh

front: ## fetch what the pages load in a browser, checked by hash (needs Node, or takes it along)
	@sh tools/environment.sh requirements.lock
	@$(PY) tools/front_end.py

environment: front ## make .venv with what Kulan needs to run
	@$(PY) -m compileall -q src/kulan

developers: environment ## make .venv with what developers need
	@sh tools/environment.sh requirements-dev.lock

clean: ## remove what make made, but neither .venv, the pages' packages nor the Atlas
	rm -rf build dist docs/_build screening-example .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
