"""The README's table "Who may do what", tried cell by cell as real users over JSON-RPC and over /json/2.

The table itself is the expectation: it is read from the README, so the two cannot disagree.
"""

from odoo import fields
from odoo.tests import tagged

from .common import DEPARTMENTS
from .common_access_matrix import NO, YES, MatrixCase


@tagged("post_install", "-at_install")
class TestAccessMatrix(MatrixCase):
    # -- columns -------------------------------------------------------------------------------------------------------

    def column_see_orders(self, name, field="name"):
        own = self.make_order(user_id=self.users[name].id if name != "public" else False, process=self.gated)
        work = self.make_order(user_id=self.users["officer"].id, process=self.checks)
        none = self.make_order(user_id=self.users["officer"].id, process=self.gated)
        if name == "portal":
            own.partner_id = self.users[name].partner_id
        orders = own | work | none
        answer = self.granted(name, "sale.order", "search_read", domain=[("id", "in", orders.ids)], fields=[field])
        found = orders.browse(line["id"] for line in answer[0] if field in line) if answer else orders.browse()
        # each department is asked to approve something of the order with work
        cells = {orders: "all", own: "own", own | work: "own, asked", work: "work", orders.browse(): NO}
        if name == "sales":
            self.assertNotIn(none, found)
        return cells[found]

    def column_see_amounts(self, name):
        return self.column_see_orders(name, "amount_total")

    def column_pass_checks(self, name, kind="manual", method="action_pass"):
        order = self.make_order(user_id=False, process=self.checks)
        own, foreign = ("warehouse", "legal") if name not in DEPARTMENTS else (name, self.other(name))
        return self.over_own_and_foreign(
            name, method, self.check(order, f"{kind} {own}"), self.check(order, f"{kind} {foreign}")
        )

    def column_approve(self, name):
        return self.column_pass_checks(name, "approval", "action_approve")

    def column_waive(self, name):
        order = self.make_order(user_id=False, process=self.checks)
        own, foreign = (self.check(order, f"manual {key}") for key in (self.home(name), self.other(name)))
        return self.over_own_and_foreign(name, "action_waive", own, foreign, reason="Because")

    def column_complete(self, name):
        orders = self.stages[self.home(name)], self.stages[self.other(name)]
        return self.over_own_and_foreign(name, "action_sop_complete", *orders)

    def column_send_back(self, name):
        orders = self.stages[self.home(name)], self.stages[self.other(name)]
        answers = []
        for order in orders:
            if order.sop_stage_id.name == "1":
                order.with_user(self.users["manager"]).action_sop_complete()
            vals = {"stage_id": order.sop_process_id.stage_ids[0].id, "reason": "Because"}
            answers.append(bool(self.granted(name, "sale.order", "action_sop_send_back", order.ids, **vals)))
        return {(True, True): "all", (True, False): "own", (False, False): NO}[tuple(answers)]

    def over_types(self, code_granted):
        """Return the cell for holds: ``code_granted`` tells whether what is tried is granted for a type."""
        if code_granted("manual"):
            return "all"
        return "some" if any(map(code_granted, ("address", "fraud", "quality"))) else NO

    def column_set_holds(self, name):
        def sets(code):
            order = self.make_order(user_id=False, process=self.checks)
            vals = {"type_id": self.env.ref(f"order_sop.hold_type_{code}").id, "line_ids": order.order_line.ids}
            return self.granted(name, "sale.order", "action_sop_hold", order.ids, reason="Because", **vals)

        return self.over_types(sets)

    def column_release_holds(self, name):
        def releases(code):
            hold = self.env["sop.engine.holds"]._set(self.make_order(user_id=False, process=self.checks), code)
            return self.granted(name, "sop.hold", "action_release", hold.ids, reason="Because")

        return self.over_types(releases)

    def column_block_customers(self, name):
        partner = self.env["res.partner"].create({"name": "Somebody"})
        return YES if self.granted(name, "res.partner", "action_sop_block", partner.ids, reason="Because") else NO

    def column_decide_short_lines(self, name):
        def decides(kind):
            product = self.env["product.product"].create({"name": "Scarce", "type": "consu", "is_storable": True})
            self.add_stock(product, 1)
            later, soon = (
                self.make_order(
                    lines=[(product, 1, 10.0)],
                    user_id=False,
                    process=self.checks,
                    commitment_date=fields.Datetime.add(fields.Datetime.now(), days=days),
                )
                for days in (60, 5)
            )
            later.action_confirm()
            soon.action_confirm()
            ids = soon.order_line.ids
            return bool(self.granted(name, "sop.stock.line", "action_decide", ids, kind=kind, reason="Because"))

        answers = [decides(kind) for kind in ("take", "cancel_line")]
        return "all" if all(answers) else "some" if any(answers) else NO

    def column_edit_drafts(self, name):
        stage = self.gated.browse(self.gated.action_new_version()["res_id"]).stage_ids[:1]
        return YES if self.granted(name, "sop.stage", "write", stage.ids, vals={"name": "Renamed"}) else NO

    def column_publish(self, name):
        draft = self.checks.browse(self.checks.action_new_version()["res_id"])
        return YES if self.granted(name, "sop.process", "action_publish", draft.ids) else NO

    def column_read_the_log(self, name):
        return YES if self.granted(name, "sop.event", "search_count", domain=[]) else NO

    def column_read_duty_reports(self, name):
        models = ("sop.duty.conflict", "sop.duty.role")
        answers = {bool(self.granted(name, model, "search_count", domain=[])) for model in models}
        return YES if answers == {True} else NO

    def column_set_up(self, name):
        answers = [
            bool(self.granted(name, record._name, "write", record.ids, vals={"sequence": 11}))
            for record in (self.departments["legal"], self.env["sop.duty.pair"].search([], limit=1))
        ]
        return YES if all(answers) else NO if not any(answers) else "some"

    def column_settle(self, name):
        """What Finance does: explain a difference and sign; *read* is to read these alone."""
        order = self.make_order()
        dispute = self.env["sop.engine.difference"]._dispute
        difference = dispute(order, 5.0, order.currency_id, "Too dear", order.partner_id)
        self.settled += 1
        closing = self.env["sop.closing"].create(
            {"day": fields.Date.add(fields.Date.to_date("2025-01-01"), days=self.settled)}
        )
        reason = self.env.ref("order_sop.difference_reason_agreed").id
        acts = {
            bool(self.granted(name, "sop.difference", "action_explain", difference.ids, reason_id=reason)),
            bool(self.granted(name, "sop.closing", "action_sign", closing.ids)),
        }
        models = ("sop.difference", "sop.closing", "sop.settlement.order")
        reads = {bool(self.granted(name, model, "search_count", domain=[])) for model in models}
        return {(True, True): YES, (False, True): "read", (False, False): NO}[(*acts, *reads)]

    def column_see_cases(self, name):
        """Cases about an order that one sells, with work for one's department, and neither."""
        cases = self.env["sop.case"]
        for seller, process in ((name, self.no_work), ("officer", self.case_work), ("officer", self.no_work)):
            user = self.users[seller].id if seller != "public" else False
            case = cases.create({"order_id": self.make_order(user_id=user).id, "kind": "complaint"})
            self.put_under(case, process)
            cases |= case
        answer = self.granted(name, "sop.case", "search_read", domain=[("id", "in", cases.ids)], fields=["name"])
        found = cases.browse(line["id"] for line in answer[0]) if answer else cases.browse()
        own, work, _none = cases
        return {cases: "all", own: "own", work: "work", own | work: "own, work", cases.browse(): NO}[found]

    def column_enter_cases(self, name):
        order = self.make_order(user_id=self.users[name].id if name != "public" else False)
        vals_list = [{"order_id": order.id, "kind": "complaint"}]
        # over JSON-RPC it is taken by its place
        by_place, by_name = (vals_list, {}) if self.ask == self.ask_rpc else (None, {"vals_list": vals_list})
        return YES if self.granted(name, "sop.case", "create", by_place, **by_name) else NO

    def column_decide_cases(self, name):
        order = self.make_order(user_id=self.users[name].id if name != "public" else False)
        case = self.env["sop.case"].create({"order_id": order.id, "kind": "complaint"})
        self.put_under(case, self.env.ref("order_sop.process_case"))
        return YES if self.granted(name, "sop.case", "action_refuse", case.ids, reason="Used") else NO

    # -- the two doors -------------------------------------------------------------------------------------------------

    def test_the_matrix_over_json_rpc(self):
        self.assert_matrix(self.ask_rpc)

    def test_the_matrix_over_json_2(self):
        self.assert_matrix(self.ask_json2)
