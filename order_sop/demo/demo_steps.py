from base64 import b64encode
from datetime import timedelta

from odoo import Command

from .demo_after_sales import DemoAfterSales
from .demo_customer import DemoCustomer
from .demo_desk import DemoDesk
from .demo_history import DemoHistory
from .demo_holds import DemoHolds
from .demo_stock import DemoStock


class DemoSteps(DemoHistory, DemoHolds, DemoStock, DemoAfterSales, DemoCustomer, DemoDesk):
    """What the departments do with demo orders: each step by its own user, with Odoo's own documents and buttons.

    Orders, deliveries and invoices bear the time at which their story stands; Odoo would date them all today.
    """

    # -- receipt and review --------------------------------------------------------------------------------------------

    def take(self, name, hours, customer, by="customer_service", discount=0, promised=0, **quantities):
        """Return an order of ``quantities`` (by product) taken ``hours`` ago, to be found as ``demo_<name>``; to be
        delivered ``promised`` hours later."""
        self.clock.set_back(hours)
        calendar, partner = self.clock.calendar, self.ref(f"customer_{customer}")
        order = self.by(by, self.env["sale.order"]).create(
            {
                "partner_id": partner.id,
                "team_id": self.ref("team_business" if partner.is_company else "team_consumers").id,
                "user_id": self.ref("user_sales").id,
                "date_order": self.clock.now,
                "commitment_date": promised > 0 and calendar.plan_hours(promised, self.clock.now, compute_leaves=True),
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.ref(f"product_{product}").id,
                            "product_uom_qty": quantity,
                            "discount": discount,
                        }
                    )
                    for product, quantity in quantities.items()
                ],
            }
        )
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"order_sop.demo_{name}", "record": order, "noupdate": True}]
        )
        self.settle(order)
        return order.with_env(self.env)

    def attach_contract(self, order):
        """Sales attaches the contract."""
        self.attach("sales", order, "Contract.pdf", "contract.pdf")
        self.settle(self.by("sales", order))

    def sign(self, order):
        """The customer signs the quotation online."""
        signature = b64encode(self.read_file("signature.png"))
        order.write({"signed_by": "Head of Purchasing", "signed_on": self.clock.now, "signature": signature})
        self.env["sop.engine.evaluation"]._mark(order)
        self.settle(order)

    def read_contract(self, order, *clauses):
        """Legal goes through the contract, or those of its ``clauses``."""
        self.clock.go_on(1)
        for clause in clauses or ("scope and delivery", "price and payment", "liability and penalties"):
            check = self.check(order, f"Clause: {clause}")
            self.by("legal", check).action_pass("Read; agrees with our standard.")

    def approve(self, order):
        """Finance approves an order that needs it; its head, too, where it is a large one."""
        self.clock.go_on(1)
        self.approve_step(order, "finance", "Pays on time.")
        self.approve_step(order, "head_of_finance", "Within this year's plan.")
        self.settle(self.by("finance", order))

    def approve_step(self, order, name, comment):
        """The user ``name`` approves what is open of an order, if anything is."""
        open_ones = self.check(order, "Finance approves").approval_ids.filtered(lambda a: a.state == "open")
        self.by(name, open_ones).action_decide("approve", comment)

    def reject(self, order, comment):
        """Finance rejects an order that needs its approval."""
        self.clock.go_on(1)
        self.by("finance", self.check(order, "Finance approves")).action_reject(comment)

    def be_away(self, absent, stand_in, days):
        """The user ``stand_in`` decides for ``absent`` from today on, for so many ``days``."""
        self.by(absent, self.env["sop.delegation"]).create(
            {
                "user_id": self.ref(f"user_{absent}").id,
                "delegate_id": self.ref(f"user_{stand_in}").id,
                "date_from": self.clock.day,
                "date_to": self.clock.day + timedelta(days=days),
                "reason": "Holiday",
            }
        )

    def confirm(self, order):
        """Sales confirms a reviewed order."""
        self.clock.go_on(1)
        self.by("sales", order).action_confirm()
        self._date_confirmed(order)
        self.settle(self.by("sales", order))

    def pay_online(self, order):
        """The customer pays by the link in his quotation; Odoo confirms the order if it may."""
        self.clock.go_on(1)
        provider = self.ref("payment_provider")
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": order.name,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        transaction._set_done()
        transaction._create_payment(date=self.clock.day)
        transaction._post_process()
        if order.state == "sale":
            self._date_confirmed(order)
        self.settle(order)

    def _date_confirmed(self, order):
        order.date_order = self.clock.now
        due = self.clock.calendar.plan_days(4, self.clock.now)
        order.picking_ids.scheduled_date = due
        order.picking_ids.move_ids.date_deadline = due

    # -- pack and ship -------------------------------------------------------------------------------------------------

    def choose_carrier(self, order):
        """Logistics chooses the carrier of the delivery."""
        self.by("logistics", self._open_delivery(order)).carrier_id = self.ref("carrier")

    def pick(self, order, share=1):
        """Warehouse picks the delivery, or a share of it; each product goes into a parcel of its own."""
        self.clock.go_on(2)
        delivery = self.by("warehouse", self._open_delivery(order))
        for move in delivery.move_ids:
            move.write({"quantity": move.product_uom_qty * share, "picked": True})
        for line in delivery.move_line_ids:
            line.result_package_id = line.env["stock.package"].create({})
        self.settle(delivery)

    def pack(self, order, photo=True):
        """Warehouse packs what was picked: labels and a photo of the parcel."""
        self.clock.go_on(1)
        self.by("warehouse", self.check(order, "Labels right")).action_pass()
        packaging = self.check(order, "Packaging intact")
        if photo:
            picture = self.attach("warehouse", self.env["sop.check.dialog"], "Parcel.png", "parcel.png")
            self.by("warehouse", packaging).action_pass("Closed, clean and undamaged.", picture.ids)

    def ship(self, order):
        """Warehouse hands the delivery over; what is not picked becomes a backorder."""
        self.clock.go_on(2)
        delivery = self.by("warehouse", self._open_delivery(order))
        delivery.with_context(skip_backorder=True).button_validate()
        delivery.sudo().date_done = self.clock.now  # the demo's own clock
        self.settle(delivery)

    def track(self, order):
        """Logistics enters the carrier's number, and that he has come for the parcel."""
        self.clock.go_on(3)
        delivery = self.by("logistics", self._shipped(order))
        delivery.carrier_tracking_ref = f"TRACK-{delivery.id:06}"
        self.tell(order, "picked_up", "Our warehouse")
        self.settle(delivery)

    def tell(self, order, code, place, note=None, hours=0):
        """Logistics enters, so many hours later, what the carrier told of the delivery."""
        self.clock.go_on(hours)
        delivery = self.by("logistics", self._shipped(order))
        delivery.action_sop_track(code, str(self.clock.now), place, note)

    def _open_delivery(self, order):
        return order.picking_ids.filtered(lambda delivery: delivery.state not in ("done", "cancel"))

    def _shipped(self, order):
        return order.picking_ids.filtered(lambda delivery: delivery.state == "done")

    # -- settle --------------------------------------------------------------------------------------------------------

    def prove_receipt(self, order, hours=8):
        """The delivery arrives and the signed receipt comes back."""
        city = order.partner_shipping_id.city
        self.tell(order, "out_for_delivery", city, hours=hours / 2)
        self.tell(order, "delivered", city, "Signed for at the gate", hours=hours / 2)
        delivery = self.by("logistics", self._shipped(order))
        receipt = b64encode(self.read_file("receipt.png")).decode()
        delivery.action_sop_prove("Goods Receipt", receipt, "Signed receipt.png", str(self.clock.now))
        self.settle(self.by("logistics", order))

    def invoice(self, order):
        """Finance invoices what was delivered; Odoo assigns what was paid online."""
        self.clock.go_on(2)
        invoice = self.by("finance", order)._create_invoices()
        invoice.invoice_date = self.clock.day
        invoice.action_post()
        self.settle(invoice)

    def pay(self, order, hours):
        """The customer pays his invoice after so many hours."""
        self.clock.go_on(hours)
        register = self.by("finance", self.env["account.payment.register"]).with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        )
        register.create({"payment_date": self.clock.day})._create_payments()
        self.settle(self.by("finance", order))

    # -- what else happens ---------------------------------------------------------------------------------------------

    def waive(self, order, name, reason):
        """The SOP manager passes over a check."""
        self.clock.go_on(1)
        self.by("manager", self.check(order, name)).action_waive(reason)

    def send_back(self, order, department, phase, reason):
        """A department sends the order back to the stage of an earlier phase."""
        self.clock.go_on(2)
        stage = order.sop_process_id.stage_ids.filtered(lambda stage: stage.phase == phase)
        self.by(department, order).action_sop_send_back(stage.id, reason)

    def review_again(self, order):
        """An order that was sent back to its review goes through it a second time."""
        self.read_contract(order)
        self.approve(order)
        self.by("finance", order).action_sop_complete()
        self.settle(self.by("finance", order))

    def cancel(self, order):
        """Sales cancels the order."""
        self.clock.go_on(4)
        self.by("sales", order).action_cancel()
        self.settle(self.by("sales", order))

    def take_back(self, order, quantity):
        """After-sales expects goods back from the customer."""
        self.clock.go_on(8)
        returning = self.by("after_sales", self.env["stock.return.picking"])
        wizard = returning.create({"picking_id": self._shipped(order).id})
        wizard.product_return_moves[:1].quantity = quantity
        wizard.action_create_returns()
        self.settle(self.by("after_sales", order))
