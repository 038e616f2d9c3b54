"""Runs in Odoo's shell: the tests of modules by Odoo's own runner, in the full registry.

Arguments: test tags, modules, file for the result, and, for the linters of test_lint, the only module to look at.
"""

import json
import sys
from pathlib import Path

from odoo.modules import Manifest
from odoo.tests.shell import run_tests

TAGS, MODULES, RESULT, ONLY = sys.argv[1:]

if ONLY:
    # The linters look at all modules that can be found; the others' are not this project's business.
    MANIFEST = Manifest.for_addon(ONLY)
    Manifest.all_addon_manifests = staticmethod(lambda: [MANIFEST])

failed = []


def remember(method):
    """Keep what fails and why, since the report only counts."""

    def wrapper(self, test, error, *args, **kwargs):
        failed.append({"test": str(test), "reason": str(error[1])})
        return method(self, test, error, *args, **kwargs)

    return wrapper


from odoo.tests.result import OdooTestResult  # noqa: E402

OdooTestResult.addError = remember(OdooTestResult.addError)
OdooTestResult.addFailure = remember(OdooTestResult.addFailure)

report = run_tests(env, TAGS, MODULES.split(","))  # noqa: F821
result = {"run": report.testsRun, "failed": failed, "skipped": report.skipped}
Path(RESULT).write_text(json.dumps(result))
sys.stdout.flush()
raise SystemExit(0 if report.wasSuccessful() and report.testsRun else 1)
