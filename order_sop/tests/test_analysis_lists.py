"""What the lists of the analyses say of what is not known yet: nothing, and above all no nought."""

from lxml import etree

from odoo.tests import tagged

from .common import SopCase


@tagged("post_install", "-at_install")
class TestAnalysisLists(SopCase):
    def test_no_list_averages_what_is_empty(self):
        """The browser adds up what a list shows and takes an empty number for 0: an approval that waits would halve
        the hours of the one that was decided. Averages are for groups and pivots, which the database reckons."""
        ours = self.env["ir.model.data"].search([("module", "=", "order_sop"), ("model", "=", "ir.ui.view")])
        lists = self.env["ir.ui.view"].browse(ours.mapped("res_id")).filtered(lambda view: view.type == "list")
        self.assertGreater(len(lists), 30)
        wrong = [
            (view.name, field.get("name"))
            for view in lists
            for field in etree.fromstring(view.arch).iter("field")
            if field.get("avg")
        ]
        self.assertFalse(wrong)

    def test_a_click_opens_what_a_row_is_about(self):
        """Rows of reports have no form of their own: Odoo would make one up of all their columns."""
        for name in ("stage", "check", "approval", "order", "people"):
            arch = etree.fromstring(self.env.ref(f"order_sop.sop_{name}_report_view_list").arch)
            self.assertEqual(arch.get("type"), "object", name)
            self.assertTrue(hasattr(self.env[f"sop.{name}.report"], arch.get("action")), name)
