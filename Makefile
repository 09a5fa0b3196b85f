# The two commands of this project are `make run` and `make test`; the rest is for developers.
# What they do lives in bin/bootstrap (needs only sh) and sscnet/dev (Python).

SHELL = /bin/sh
PYTHON = .venv/bin/python
DEV = $(PYTHON) -m sscnet.dev

.DEFAULT_GOAL = help
.PHONY: help run test lint machines proof bench manage format messages lock release audit

help:
	@echo "make run [PORT=8010]             the portal, with its own database, on http://127.0.0.1:8000/"
	@echo "make test                        make lint, then every test"
	@echo "make test ARGS=\"tests/x -x\"      these tests at once; ARGS go to pytest"
	@echo "make test DAY=2028-02-29         the tests without a browser, on that day (Debian's faketime)"
	@echo "make lint                        the checks alone: ruff, djade, migrations, settings ..."
	@echo "make machines [ARGS=...]         the portal on Debians of its own: installed to restored (root)"
	@echo "make proof [ARGS=...]            make test with the full numbers of the long proofs, make machines"
	@echo "make bench                       the figures of benchmarks/README.md"
	@echo "make manage ARGS=\"shell\"         a command of manage.py, on the database of make run"
	@echo "make format                      let ruff and djade put code and templates in order"
	@echo "make messages                    collect the strings to translate"
	@echo "make release                     the version as one file, and the list of its parts"
	@echo "make audit                       what is known against the locked packages"
	@echo "make lock                        resolve the locked versions anew"

# `exec` makes Python the direct child of make, so that a signal or the end of make reaches it.
run:
	@bin/bootstrap run && exec $(DEV) run

test:
	@bin/bootstrap test && DAY=$(DAY) exec $(DEV) test $(ARGS)

lint:
	@bin/bootstrap test && exec $(DEV) lint

machines:
	@bin/bootstrap test && exec $(PYTHON) -m pytest -c tests/deploy/pytest.ini tests/deploy $(ARGS)

proof:
	@bin/bootstrap test && PROOF=1 $(DEV) test $(ARGS)
	@[ -n "$(ARGS)" ] || exec $(MAKE) machines

bench:
	@bin/bootstrap test && PROOF=1 $(DEV) test tests/benchmarks && exec $(DEV) bench $(ARGS)

manage:
	@bin/bootstrap && exec $(DEV) manage $(ARGS)

format:
	@bin/bootstrap test
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .
	@find templates/django -name "*.html" -exec .venv/bin/djade {} + || true

messages:
	@bin/bootstrap && exec $(DEV) messages

release:
	@bin/bootstrap release && exec $(DEV) release

audit:
	@bin/bootstrap release && exec .venv/bin/pip-audit --require-hashes --disable-pip -r requirements.lock

LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --no-header $(LOCK_ARGS)

# What is installed beside the first lock is resolved against it, so that the tests run what the
# portal runs. Of the group `iati` the one package is held, without what that depends on.
# LOCK_ARGS="--upgrade" takes newer versions.
lock:
	@bin/bootstrap release
	@$(LOCK) pyproject.toml --output-file requirements.lock
	@$(LOCK) --group dev --constraints requirements.lock --output-file requirements-dev.lock
	@$(LOCK) pyproject.toml --extra test --constraints requirements.lock \
		--constraints requirements-dev.lock --output-file requirements-test.lock
	@$(LOCK) --group iati --no-deps --output-file requirements-iati.lock
	@$(LOCK) --group s3 --constraints requirements.lock --output-file requirements-s3.lock
	@$(LOCK) --group release --constraints requirements-test.lock \
		--constraints requirements-dev.lock --output-file requirements-release.lock
