"""The life of a batch of orders in one database, from entry to payment, each step a transaction of its own.

Runs inside Odoo. What is measured are the ERP's own actions with their commit. The paperwork between them (contract,
picking, tracking number, message to the customer, signed receipt) is done in every database, measured in none; the
buttons of the SOP are pressed by members of the departments and measured by themselves.
"""

import base64
import contextlib
from collections.abc import Iterator

from odoo import Command
from odoo.api import Environment
from odoo.modules.registry import Registry

from devkit.bench.company import LINES, PRICE, Company
from devkit.bench.meter import Reading, measured

STEPS = ("create", "confirm", "deliver", "invoice", "post", "pay")
PRESSES = "buttons"
DIGITS = 7


class Life:
    """Orders of one database; ``walk`` takes a batch through all steps."""

    def __init__(self, database: str, company: Company, active: bool):
        self.registry = Registry(database)
        self.company = company
        self.active = active
        self.orders = 0
        self.ids: dict[str, list[int]] = {}

    def walk(self, size: int) -> dict[str, Reading]:
        """Take ``size`` new orders from entry to payment; return a reading for each step and for the buttons."""
        readings = {PRESSES: Reading()}
        for step in STEPS:
            with self.transaction() as env, measured(env.cr) as readings[step]:
                self.ids |= getattr(self, f"_{step}")(env, size)
                env.cr.commit()
            if paperwork := getattr(self, f"_after_{step}", None):
                with self.transaction() as env:
                    paperwork(env)
                    env.cr.commit()
            if self.active:
                self._press(readings[PRESSES])
        self._check_end()
        return readings

    @contextlib.contextmanager
    def transaction(self, user: int | None = None) -> Iterator[Environment]:
        """Yield a fresh environment, as a request has it, for the clerk or another user."""
        with self.registry.cursor() as cr:
            yield Environment(cr, user or self.company.user, {"lang": "en_US", "tz": "UTC"})

    # -- the steps: what users and programs do with Odoo ------------------------------------------------------------

    def _create(self, env: Environment, size: int) -> dict[str, list[int]]:
        numbers = range(self.orders, self.orders + size)
        self.orders += size
        return {"orders": env["sale.order"].create([self._order_values(number) for number in numbers]).ids}

    def _order_values(self, number: int) -> dict:
        """Return an order above the limit for approvals that is like no other order."""
        customers, products = self.company.customers, self.company.products
        digits = [number // 10**place % 10 for place in range(DIGITS)]
        quantities = [10 + digits[place] + 10 * digits[(place + LINES) % DIGITS] for place in range(LINES)]
        return {
            "partner_id": customers[number % len(customers)],
            "client_order_ref": f"PO-{number:07}",
            "order_line": [
                Command.create(
                    {
                        "product_id": products[(number + place) % len(products)],
                        "product_uom_qty": quantity,
                        "price_unit": PRICE,
                    }
                )
                for place, quantity in enumerate(quantities)
            ],
        }

    def _confirm(self, env: Environment, size: int) -> dict[str, list[int]]:
        orders = env["sale.order"].browse(self.ids["orders"])
        orders.action_confirm()
        return {"pickings": orders.picking_ids.ids}

    def _deliver(self, env: Environment, size: int) -> dict[str, list[int]]:
        pickings = env["stock.picking"].browse(self.ids["pickings"])
        if pickings.button_validate() is not True:
            raise RuntimeError("Odoo asks something before it delivers")
        return {}

    def _invoice(self, env: Environment, size: int) -> dict[str, list[int]]:
        return {"invoices": env["sale.order"].browse(self.ids["orders"])._create_invoices(grouped=True).ids}

    def _post(self, env: Environment, size: int) -> dict[str, list[int]]:
        env["account.move"].browse(self.ids["invoices"]).action_post()
        return {}

    def _pay(self, env: Environment, size: int) -> dict[str, list[int]]:
        context = {"active_model": "account.move", "active_ids": self.ids["invoices"]}
        register = env["account.payment.register"].with_context(**context, dont_redirect_to_payments=True)
        register.create({"group_payment": False}).action_create_payments()
        return {}

    # -- paperwork between the steps --------------------------------------------------------------------------------

    def _after_create(self, env: Environment) -> None:
        self._attach(env, "sale.order", self.ids["orders"], "Contract.txt")

    def _after_confirm(self, env: Environment) -> None:
        pickings = env["stock.picking"].browse(self.ids["pickings"])
        pickings.carrier_id = self.company.carrier
        pickings.move_ids.picked = True

    def _after_deliver(self, env: Environment) -> None:
        # Nothing leaves the house: the message waits in the queue.
        pickings = env["stock.picking"].with_context(mail_notify_force_send=False).browse(self.ids["pickings"])
        for picking in pickings:
            picking.carrier_tracking_ref = f"T{picking.id}"
            picking.message_post(
                body="Your goods are on their way.", partner_ids=picking.partner_id.ids, subtype_xmlid="mail.mt_comment"
            )
        self._attach(env, "stock.picking", pickings.ids, "Signed receipt.txt")

    def _attach(self, env: Environment, model: str, ids: list[int], name: str) -> None:
        """Attach a file to each of these records."""
        env["ir.attachment"].create(
            [{"name": name, "res_model": model, "res_id": res_id, "raw": f"{name} {res_id}".encode()} for res_id in ids]
        )

    # -- the SOP's own buttons -----------------------------------------------------------------------------------------

    def _press(self, reading: Reading) -> None:
        """Let each department tick or approve what is open for it, a press and a transaction for each checkpoint."""
        pressed = set()
        while todo := self._next_press(pressed):
            checkpoint, check_ids, department = todo
            pressed.add(checkpoint)
            with self.transaction(self.company.members[department]) as env:
                checks = env["sop.check"].browse(check_ids)
                photo = env["ir.attachment"].create({"name": "Parcel.png", "raw": base64.b64decode(PIXEL)})
                is_approval = checks[0].kind == "approval"
                evidence = photo.ids if checks[0].checkpoint_id.sudo().evidence_required else None
                env.cr.commit()
                env.invalidate_all()
                with measured(env.cr) as press:
                    if is_approval:
                        checks.action_approve("Fine.")
                    else:
                        checks.action_pass(attachment_ids=evidence)
                    env.cr.commit()
            reading.add(press)

    def _next_press(self, pressed: set[int]) -> tuple[int, list[int], str] | None:
        """Return checkpoint, checks and department of what a person has to do next, None if there is nothing."""
        with self.transaction() as env:
            orders = env["sale.order"].sudo().browse(self.ids["orders"])
            checks = orders.sop_check_ids.filtered(
                lambda check: (
                    check.kind != "auto"
                    and check.state == "pending"
                    and not check.superseded
                    and check.checkpoint_id.id not in pressed
                )
            )
            if not checks:
                return None
            checkpoint = checks[0].checkpoint_id
            department = checkpoint._get_department().get_external_id().popitem()[1]
            ids = checks.filtered(lambda check: check.checkpoint_id == checkpoint).ids
            return checkpoint.id, ids, department.rpartition("department_")[2]

    def _check_end(self) -> None:
        """Raise unless everything is delivered and paid, and under the SOP has reached the last stage."""
        with self.transaction() as env:
            orders = env["sale.order"].sudo().browse(self.ids["orders"])
            invoices = env["account.move"].browse(self.ids["invoices"])
            bad = invoices.filtered(lambda move: move.payment_state not in ("paid", "in_payment"))
            if bad or any(picking.state != "done" for picking in orders.picking_ids):
                raise RuntimeError("the benchmark's orders were not delivered and paid")
            if self.active and any(order.sop_stage_id.phase != "after_sales" for order in orders):
                missing = {order.name: (order.sop_stage_id.name, order.sop_missing) for order in orders}
                raise RuntimeError(f"the benchmark's orders did not reach the last stage: {missing}")


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
