"""A warehouse of several people: who gets which work."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from .common import SopCase, SopFixture


def manual(name, **vals):
    """Return the values of a manual checkpoint."""
    return {"name": name, "kind": "manual", **vals}


class WorkFixture(SopFixture):
    """Three warehouse workers and their lead; a process in which they pack, and finance agrees."""

    @classmethod
    def set_up_work(cls, **pack):
        cls.house = cls.departments["warehouse"]
        for name in ("anna", "bert", "carl"):
            cls.users[name] = new_test_user(
                cls.env, login=f"sop_{name}", groups="order_sop.group_warehouse", name=name, email=f"{name}@example.com"
            )
        cls.workers = cls.users["anna"] | cls.users["bert"] | cls.users["carl"] | cls.users["warehouse"]
        cls.house.lead_id = cls.users["warehouse"]
        cls.process = cls.make_process(
            {
                "name": "Pack",
                "department_id": cls.house.id,
                "auto_advance": False,
                "time_limit_hours": 4,
                "checkpoints": [
                    manual("Packed"),
                    manual("Labelled"),
                    manual("Paid", department_id=cls.departments["finance"].id),
                ],
                **pack,
            },
            {"name": "Ship", "gate": "ship", "department_id": cls.house.id, "checkpoints": [manual("Loaded")]},
            code="PACK",
        )

    @classmethod
    def make_orders(cls, count, process=None, **vals):
        """Return ``count`` orders that entered the process in one batch."""
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": cls.customer.id,
                    "user_id": cls.users["sales"].id,
                    "order_line": [Command.create({"product_id": cls.product.id, "product_uom_qty": number + 1})],
                    **vals,
                }
                for number in range(count)
            ]
        )
        cls.put_under(orders, process or cls.process)
        return orders

    @classmethod
    def send_away(cls, name, stand_in, days=7):
        """Enter that the user called ``name`` is absent from today on."""
        today = fields.Date.context_today(cls.env["sop.delegation"].with_context(tz="UTC"))
        return cls.env["sop.delegation"].create(
            {
                "user_id": cls.users[name].id,
                "delegate_id": cls.users[stand_in].id,
                "date_from": today,
                "date_to": today + timedelta(days=days),
            }
        )

    @classmethod
    def work(cls, name, domain=(), **context):
        """Return what *My Work* shows to the user called ``name``."""
        cls.env.flush_all()
        works = cls.env["sop.work"].with_user(cls.users[name]).with_context(**context)
        return works.search([("for_me", "=", True), *domain])


class WorkCase(WorkFixture, SopCase):
    """A transaction case with the warehouse at work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_work()
