"""The pictures of the documentation: what can be taken, and of what."""

import re

import pytest

from devkit.failure import Failure
from devkit.paths import CHECKOUT
from devkit.screenshots import PICTURES, _fill_in, main


def test_records_are_filled_in():
    found = {"demo_order": "7", "delivery of demo_order": "12"}
    assert _fill_in("/odoo/sop-orders", found.__getitem__) == "/odoo/sop-orders"
    assert _fill_in("/odoo/{demo_order}/x/{delivery of demo_order}", found.__getitem__) == "/odoo/7/x/12"


def test_every_picture_in_the_readme_can_be_taken_again():
    shown = re.findall(r"docs/screenshots/(\w+)\.png", (CHECKOUT / "README.md").read_text())
    assert shown
    assert set(shown) <= {picture.name for picture in PICTURES}


def test_an_unknown_picture_is_told_before_anything_is_made():
    with pytest.raises(Failure, match="no picture sunset"):
        main(["sunset"])
