from datetime import timedelta

from odoo import Command
from odoo.tools import plaintext2html


class DemoAfterSales:
    """What customers and departments do with after-sales cases in the tales: by Odoo's own documents and buttons."""

    # -- opened --------------------------------------------------------------------------------------------------------

    def open_case(self, name, hours, order, kind, subject, by="customer_service", **vals):
        """Return a case on the one ``order`` (or None), entered ``hours`` ago, to be found as ``demo_case_<name>``.

        ``vals`` may have ``line``: what :meth:`say` takes.
        """
        self.clock.set_back(hours)
        lines = [Command.create(self.say(order, **vals.pop("line")))] if "line" in vals else []
        vals |= {"kind": kind, "subject": subject, "order_id": order.id, "line_ids": lines}
        return self._keep(name, self.by(by, self.env["sop.case"]).create(vals))

    def open_by_portal(self, name, hours, order, kind, subject, description, line, picture):
        """The customer of ``order`` opens a case on his page, with a picture."""
        self.clock.set_back(hours)
        vals = {
            "kind": kind,
            "subject": subject,
            "description": description,
            "wish": "refund",
            "line_ids": [Command.create(self.say(order, **line))],
        }
        files = [("Photo.png", self.read_file(picture))]
        engine = self.env["sop.engine.case.answer"]
        return self._keep(name, engine._open(order, vals, files, order.partner_id))

    def open_by_mail(self, name, hours, customer, subject, text):
        """The customer called ``customer`` writes a mail to the after-sales address."""
        self.clock.set_back(hours)
        partner = self.ref(f"customer_{customer}")
        company = self.env.ref("base.main_company")
        mail = {"subject": subject, "author_id": partner.id, "email_from": partner.email}
        case = self.env["sop.case"].message_new(mail, {"company_id": company.id})
        self._post(case, text, author_id=partner.id, message_type="email")
        return self._keep(name, case)

    def say(self, order, product, qty=1, reason=None, solution=None, **vals):
        """Return the values of a case's line: so much of a ``product`` of the one ``order``, and why."""
        line = order.order_line.filtered(lambda line: line.product_id == self.ref(f"product_{product}"))
        reason = reason and self.env.ref(f"order_sop.case_reason_{reason}").id
        return vals | {"order_line_id": line.id, "qty": qty, "reason_id": reason, "solution": solution}

    def _keep(self, name, case):
        """Give ``case`` its name in the demo, and the day that it is in the tale."""
        self.settle(case)
        case.env.flush_all()
        case.env.cr.execute("UPDATE sop_case SET create_date = %s WHERE id = %s", [self.clock.now, case.id])
        case.invalidate_recordset(["create_date"])
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"order_sop.demo_case_{name}", "record": case, "noupdate": True}]
        )
        return case.with_env(self.env)

    # -- worked on -----------------------------------------------------------------------------------------------------

    def answer(self, case, text, hours=1):
        """Customer Service writes to the customer."""
        self.clock.go_on(hours)
        self._post(self.by("customer_service", case), text, message_type="comment")

    def assess(self, case, hours=2):
        """After-Sales completes the assessment."""
        self.clock.go_on(hours)
        self.by("after_sales", case).action_sop_complete()
        self.settle(case)

    def allow(self, case, comment):
        """Finance approves what is to be given back."""
        self.clock.go_on(1)
        approvals = self.check(case, "Refund approved").approval_ids.filtered(lambda one: one.state == "open")
        self.by("finance", approvals).action_decide("approve", comment)
        self.settle(case)

    def expect(self, case):
        """After-Sales makes the return transfer."""
        self.clock.go_on(1)
        self.by("after_sales", case).action_expect_goods()
        self.settle(case)

    def receive(self, case, hours=16):
        """The goods arrive and the warehouse takes them in."""
        self.clock.go_on(hours)
        transfers = self.by("warehouse", case.document_ids.filtered(lambda link: link.kind == "return").picking_id)
        for move in transfers.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        transfers.button_validate()
        transfers.sudo().date_done = self.clock.now  # the demo's own clock
        self.settle(transfers)

    def send_anew(self, case):
        """What is to replace the goods is packed and shipped, as any delivery of the order."""
        self.choose_carrier(case.order_id)
        self.pick(case.order_id)
        self.pack(case.order_id)
        self.ship(case.order_id)
        sent = case.document_ids.filtered(lambda link: link.kind == "replacement").picking_id
        delivery = self.by("logistics", sent)
        delivery.carrier_tracking_ref = f"TRACK-{delivery.id:06}"
        delivery.action_sop_track("picked_up", str(self.clock.now), "Our warehouse", None)
        self.settle(delivery)

    def inspect(self, case, note, **quantities):
        """The warehouse says what it found of the only line of ``case``."""
        self.clock.go_on(2)
        self.by("warehouse", case.line_ids).action_inspect(note=note, **quantities)
        self.settle(case)

    def solve(self, case):
        """After-Sales makes what solves it."""
        self.clock.go_on(1)
        self.by("after_sales", case).action_solve()
        self.settle(case)

    def credit(self, case, pay=False):
        """Finance posts the credit notes of ``case``, and pays them out."""
        self.clock.go_on(2)
        notes = self.by("finance", case.document_ids.move_id)
        notes.invoice_date = self.clock.day
        notes.action_post()
        if pay:
            context = {"active_model": "account.move", "active_ids": notes.ids}
            register = self.by("finance", self.env["account.payment.register"]).with_context(**context)
            register.create({"payment_date": self.clock.day})._create_payments()
        self.settle(notes)

    def agree(self, case, rating=None, feedback=None, hours=8):
        """The customer says on his page that it is solved, and rates us."""
        self.clock.go_on(hours)
        self.env["sop.engine.case.answer"]._agree(case, case.partner_id)
        self.settle(case)
        if rating:
            case.rating_apply(rating, token=case._sop_get_rating_token(), feedback=feedback)

    def refuse(self, case, reason):
        """After-Sales refuses what the customer wants."""
        self.clock.go_on(2)
        self.by("after_sales", case).action_refuse(reason)
        self.settle(case)

    def act(self, case, what, user, days, done=None, **vals):
        """After-Sales has ``user`` do something within so many ``days`` of the case, done after ``done`` days."""
        start = case.create_date.date()
        vals |= {"name": what, "case_id": case.id, "user_id": self.ref(f"user_{user}").id}
        vals["due_on"] = start + timedelta(days=days)
        if done is not None:
            vals["done_on"] = start + timedelta(days=done)
        self.by("after_sales", self.env["sop.corrective.action"]).create(vals)

    # -- what these need -----------------------------------------------------------------------------------------------

    def _post(self, case, text, **vals):
        body = plaintext2html(text)
        case.message_post(body=body, subtype_xmlid="mail.mt_comment", date=self.clock.now, **vals)
        self.settle(case)
