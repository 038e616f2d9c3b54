"""Calls of the process map from outside, by JSON-RPC and with an API key."""

from odoo.tests import tagged

from .common_http import SopHttpCase


@tagged("post_install", "-at_install")
class TestProcessMapHttp(SopHttpCase):
    """What callers from outside get."""

    def test_salespeople_and_customers_are_refused(self):
        told = ("2026-01-01", "2026-12-31", {"process": "GATED"})
        for user in ("sales", "finance", "after_sales"):
            for method, arguments in (("get_choices", ()), ("get_map", told), ("get_variants", told)):
                self.assert_refused(
                    lambda method=method, arguments=arguments, user=user: self.rpc(
                        "sop.process.map", method, *arguments, user=user
                    ),
                    name="odoo.exceptions.AccessError",
                )
        for method in ("_get_figures", "_get_scope", "_read"):
            with self.assertRaisesRegex(Exception, "AccessError"):
                self.rpc("sop.process.map", method, user="auditor")

    def test_hints_of_the_caller_change_nothing(self):
        order = self.make_reviewed()
        self.commit()
        today = str(order.sop_visit_ids[0].begun_on)
        told = (today, today, {"process": "GATED"})
        context = {"active_test": False, "sop_process_code": "X", "default_company_id": 99, "lang": "en_US"}
        plain = self.rpc("sop.process.map", "get_map", *told, user="auditor")
        hinted = self.rpc("sop.process.map", "get_map", *told, user="auditor", context=context)
        self.assertEqual(plain, hinted)
        self.assertGreaterEqual(plain["visits"], 0)
        found = self.json2(
            "sop.process.map", "get_map", user="auditor", date_from=today, date_to=today, filters={"process": "GATED"}
        )
        self.assertEqual(found, plain)
