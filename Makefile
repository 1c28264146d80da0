# cnnlab: two commands for a newcomer (make lab, make test), and a few for the maintainer.
# Written for GNU make 3.81, which macOS ships, and later.

VENV := .venv
BIN := $(VENV)/bin
# The stamp carries the folder's path: an environment that was moved or copied elsewhere is set up again.
STAMP := $(VENV)/installed-$(shell pwd | cksum | cut -d' ' -f1)

# The version that constraints.txt was tested with is tried first. To choose: make lab PYTHON=/path/to/python3
PYTHON := python3.11 python3.12 python3.13 python3 python
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

# JupyterLab refuses to run as root, which is all there is in most containers, unless it is told to.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
LAB := $(BIN)/python -m jupyterlab --notebook-dir=notebooks --ServerApp.ip=127.0.0.1 $(AS_ROOT)
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

.PHONY: help lab test lint types notebooks picture gallery bench clean

help:
	@echo "make lab        open the notebooks in JupyterLab"
	@echo "make test       run every test: package, notebooks, labs in a browser"
	@echo "make lint       check the style of code and notebooks"
	@echo "make types      check the types"
	@echo "make notebooks  execute every notebook in place and normalize it"
	@echo "make picture    take the README's picture from a running JupyterLab"
	@echo "make gallery    draw every lab for the README's gallery"
	@echo "make bench      measure speed: ops against PyTorch, labs in a browser"
	@echo "make clean      remove the environment and all caches"
	@echo
	@echo "The first of them sets up .venv, which takes a few minutes once."

lab: $(STAMP)
	@if $(BIN)/python -c "import webbrowser; webbrowser.get()" 2>/dev/null; then \
		exec $(LAB); \
	else \
		echo "There is no browser to open here."; \
		echo "Open the address printed below, the one that starts with http://127.0.0.1 and holds a token, in yours."; \
		exec $(LAB) --no-browser; \
	fi

# One run and so one summary. A notebook or a test file stays on one worker: its cells need one kernel, in order.
test: $(STAMP)
	@$(BIN)/python -m pytest --nbval --numprocesses=auto --maxprocesses=4 --dist=loadscope

lint: $(STAMP)
	@$(BIN)/python -m ruff check .
	@$(BIN)/python tools/notebooks.py --check $(NOTEBOOKS)

types: $(STAMP)
	@$(BIN)/python -m mypy

notebooks: $(STAMP)
	@$(BIN)/python tools/notebooks.py $(NOTEBOOKS)

picture: $(STAMP)
	@$(BIN)/python -m tools.picture docs/convolution_lab.png

gallery: $(STAMP)
	@$(BIN)/python -m tools.gallery docs/gallery

bench: $(STAMP)
	@$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@python=; for candidate in $(PYTHON); do \
		if "$$candidate" -c "$(NEW_ENOUGH)" >/dev/null 2>&1; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "cnnlab needs Python 3.11 or later: install it from https://www.python.org/downloads/ and run the same command again."; \
		exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$python" --version): a few minutes, once."; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		"$$python" -m venv --clear $(VENV) || { rm -rf $(VENV); \
			echo "Python cannot make an environment: install its venv module (on Debian or Ubuntu: apt install python3-venv) and run the same command again."; \
			exit 1; }; \
	fi; \
	rm -f $(VENV)/installed-*; \
	$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --editable ".[test]" || { \
		echo "The installation failed: pip says why above; check the network connection and the free disk space, and run the same command again."; \
		exit 1; }
	@touch $@
