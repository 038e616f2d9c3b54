"""Tests of the tool itself: fast, without network, Odoo or a database server."""
