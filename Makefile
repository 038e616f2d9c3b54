# A thin front for the developer tool: python3 -m devkit help

DEVKIT := python3 -m devkit
DB ?=
PORT ?= 8069
ARGS ?=
DATA ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-core lint format scratch drop shell update serve stop bench ledger replay screenshots translations clean distclean

help: ## list the commands
	@$(DEVKIT) help

setup: ## get all that is needed, and a template database
	@$(DEVKIT) setup

demo: ## serve Odoo with demo data: make demo [PORT=8069]
	@exec $(DEVKIT) demo --port "$(PORT)"

test: ## run all tests: make test [ARGS="order_sop/tests/test_x.py -k name"]
	@$(DEVKIT) test $(ARGS)

test-core: ## run core's sale and stock suites with the addon installed
	@$(DEVKIT) test-core $(ARGS)

lint: ## ruff, pylint-odoo and Odoo's own checks
	@$(DEVKIT) lint

format: ## let ruff format and fix what it can
	@$(DEVKIT) format

scratch: ## make a scratch database: make scratch DB=name [DEMO=1]
	@$(DEVKIT) scratch "$(DB)" $(if $(DEMO),--demo)

drop: ## drop a scratch database: make drop DB=name
	@$(DEVKIT) drop "$(DB)"

shell: ## open Odoo's shell: make shell DB=name
	@exec $(DEVKIT) shell "$(DB)"

update: ## update the addon: make update DB=name
	@$(DEVKIT) update "$(DB)"

serve: ## serve a database: make serve DB=name [PORT=8069]
	@exec $(DEVKIT) serve "$(DB)" --port "$(PORT)"

stop: ## stop the private database server
	@$(DEVKIT) stop

bench: ## measure the addon
	@$(DEVKIT) bench $(ARGS)

ledger: ## compare the settlement of random orders with a second computation: make ledger [ARGS="--orders 2000"]
	@$(DEVKIT) ledger $(ARGS)

replay: ## play recorded orders: make replay DATA=folder
	@$(DEVKIT) replay "$(DATA)" $(ARGS)

screenshots: ## make the pictures of the documentation
	@$(DEVKIT) screenshots $(ARGS)

translations: ## bring order_sop.pot and the .po files up to date
	@$(DEVKIT) translations

clean: ## stop what runs; remove this checkout's databases and files
	@$(DEVKIT) clean

distclean: ## the same, and the cache
	@$(DEVKIT) distclean
