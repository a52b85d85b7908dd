PYTHON ?= python3
BIN := .venv/bin

.PHONY: validate test fix matrix dist release report clients bench fuzz

validate: .venv/installed ## check this package, execute every example, prove every trap
	$(BIN)/python scripts/validate.py

test: validate clients ## the same, then style, types and the whole test suite
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy scripts tests
	$(BIN)/pytest --cov -rs

matrix: ## every supported Python found x newest and oldest libraries; fills the manifest's `tested`
	$(PYTHON) scripts/matrix.py

bench: .venv/bench ## measure again what the references show as measured: their data, tables and plots
	for script in scripts/benchmarks/*.py; do \
		echo $$script && PYTHONPATH=scripts:tests $(BIN)/python $$script || exit 1; \
	done

fuzz: .venv/installed ## SECONDS=600: feed what reads strangers' texts with what libFuzzer makes up
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints/newest.txt --editable '.[fuzz]'
	$(BIN)/python tests/fuzz.py --seconds $(or $(SECONDS),600)

fix: .venv/installed ## rewrite what is derived, format the rest
	$(BIN)/python scripts/validate.py --static --fix
	$(BIN)/ruff format .

release: .venv/installed ## VERSION=x.y.z: run the matrix, then rewrite every file that has the version; nothing is pushed
	$(BIN)/python scripts/release.py $(VERSION)

report: .venv/installed ## run every proof, and show what came of each in dist/report.html
	$(BIN)/python scripts/evidence.py

dist: .venv/installed ## validate with every proof, then write the archives to dist/
	$(BIN)/python scripts/dist.py

clients: ## the programs of others that the tests run, where npm is there
	@if command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory tests/clients/node_modules/.package-lock.json \
		|| echo "npm ci failed: the tests with Node's programs will not be run"; \
	else echo "npm is missing: the tests with Node's programs will not be run"; fi

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	cd tests/clients && npm ci --ignore-scripts --no-fund --no-audit --no-progress && touch ../../$@

.venv/installed: pyproject.toml constraints/newest.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints/newest.txt --editable '.[examples,dev,release]'
	$(BIN)/python -m compileall -q scripts/skill_validator scripts/scanner
	touch $@

.venv/bench: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints/newest.txt --editable '.[bench]'
	touch $@
