"""Developer tool of order_sop: gets Odoo 19 and PostgreSQL, builds databases, serves, tests and lints.

Run it as ``python3 -m devkit <command>``; the Makefile is a thin front for it. Only the standard library is used
here, so that a fresh clone can bootstrap itself.
"""
