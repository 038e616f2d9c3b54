"""What the tests share: a company at work. One user a department, customers, products with stock, short makers."""

from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from ..engine.guard import as_engine
from ..engine.tally_sources import SOURCES

DEPARTMENTS = (
    "customer_service",
    "sales",
    "finance",
    "legal",
    "warehouse",
    "purchasing",
    "logistics",
    "after_sales",
)


class SopFixture:
    """Makers of users, customers, products, processes and orders; mixed into transaction and HTTP cases."""

    @classmethod
    def set_up_company(cls):
        """Set the company to work, once: a second fixture of a case finds the company of the first."""
        if "users" in vars(cls):
            return
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, no_reset_password=True))
        cls.company = cls.env.company
        cls.company.sop_active = False
        cls.users = {
            name: new_test_user(cls.env, login=f"sop_{name}", groups=f"order_sop.group_{name}", name=name)
            for name in (*DEPARTMENTS, "auditor", "officer", "manager")
        }
        cls.departments = {name: cls.env.ref(f"order_sop.department_{name}") for name in DEPARTMENTS}
        country = cls.env.ref("base.be")
        address = {"street": "Main Street 1", "city": "Brussels", "zip": "1000", "country_id": country.id}
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Business Customer",
                "is_company": True,
                "vat": "BE0477472701",
                "email": "business@example.com",
                "phone": "+32 2 123 45 67",
                **address,
            }
        )
        cls.consumer = cls.env["res.partner"].create(
            {"name": "Consumer", "email": "consumer@example.com", "phone": "+32 2 765 43 21", **address}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Chair", "type": "consu", "is_storable": True, "list_price": 100.0, "taxes_id": []}
        )
        cls.other_product = cls.env["product.product"].create(
            {"name": "Table", "type": "consu", "is_storable": True, "list_price": 300.0, "taxes_id": []}
        )
        cls.service = cls.env["product.product"].create(
            {"name": "Assembly", "type": "service", "invoice_policy": "order", "list_price": 50.0, "taxes_id": []}
        )
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.add_stock(cls.product, 1000)

    @classmethod
    def add_stock(cls, product, quantity):
        """Put ``quantity`` of ``product`` into the warehouse's stock."""
        cls.env["stock.quant"]._update_available_quantity(product, cls.warehouse.lot_stock_id, quantity)

    @classmethod
    def make_process(cls, *stages, **vals):
        """Return a published process. ``stages``: dicts of stage values, with ``checkpoints``: list of dicts."""
        process = cls.env["sop.process"].create(
            {
                "name": "Test process",
                "code": "TEST",
                "sequence": 1,
                "stage_ids": [
                    Command.create(
                        {
                            "name": f"Stage {number}",
                            "sequence": number,
                            "department_id": cls.departments["sales"].id,
                            **{key: value for key, value in stage.items() if key != "checkpoints"},
                            "checkpoint_ids": [
                                Command.create({"name": checkpoint.get("rule", "Look at it"), **checkpoint})
                                for checkpoint in stage.get("checkpoints", ())
                            ],
                        }
                    )
                    for number, stage in enumerate(stages, 1)
                ],
                **vals,
            }
        )
        process.action_publish()
        return process

    @classmethod
    def make_order(cls, partner=None, lines=None, process=None, **vals):
        """Return an order of ``lines`` (``(product, quantity, price)``), under ``process`` when one is given."""
        partner = partner or cls.customer
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity, "price_unit": price})
                    for product, quantity, price in (lines if lines is not None else [(cls.product, 2, 100.0)])
                ],
                **vals,
            }
        )
        if process:
            cls.put_under(order, process)
        return order

    @classmethod
    def put_under(cls, orders, process):
        """Put ``orders`` under ``process`` and evaluate them."""
        cls.commit()
        cls.env["sop.engine.flow"]._start(orders, process)
        cls.env["sop.engine.evaluation"]._run(orders)

    def run_cron(self, name):
        """Run the addon's cron called ``name``, as the server does after a commit."""
        self.commit()
        with self.enter_registry_test_mode():
            self.env.ref(f"order_sop.{name}").method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def commit(cls):
        """Do what a commit does before it commits: evaluate what changed."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    @classmethod
    def keep_facts(cls):
        """Bring what is kept of orders for the KPIs up to date."""
        cls.commit()
        while cls.env["sop.engine.fact"]._renew(100):
            pass

    @classmethod
    def count_all(cls):
        """Add up all stages, checks and facts, in several batches."""
        cls.commit()
        for source in SOURCES.values():
            while cls.env["sop.engine.tally"]._count(source, 100):
                pass

    @classmethod
    def check(cls, order, name):
        """Return the live check of the checkpoint called ``name`` (or with that rule) on ``order``."""
        return order.sop_check_ids.filtered(
            lambda check: not check.superseded and name in (check.checkpoint_id.name, check.checkpoint_id.rule)
        )

    @classmethod
    def evaluate_rule(cls, rule, orders, pickings=(), invoices=(), **parameters):
        """Ask ``rule`` about ``orders`` (or their ``pickings`` / ``invoices``): ``{record: None | reason}``."""
        model = cls.env[f"sop.rule.{rule}"].sudo()
        process = cls.env["sop.process"].create(
            {
                "name": f"Rule {rule}",
                "code": f"rule {rule}",
                "stage_ids": [
                    Command.create(
                        {
                            "name": "Judge",
                            "department_id": cls.departments["sales"].id,
                            "checkpoint_ids": [
                                Command.create(
                                    {
                                        "name": rule,
                                        "kind": "auto",
                                        "rule": rule,
                                        "scope": model._scopes[0],
                                        **parameters,
                                    }
                                )
                            ],
                        }
                    )
                ],
            }
        )
        checkpoint = process.stage_ids.checkpoint_ids
        engine = cls.env["sop.engine.checks"]
        targets = [(order, {}) for order in orders]
        targets += [(picking.sale_id, {"picking_id": picking.id}) for picking in pickings]
        targets += [(move.line_ids.sale_line_ids.order_id[:1], {"invoice_id": move.id}) for move in invoices]
        records = [*orders, *pickings, *invoices]
        checks = as_engine(cls.env["sop.check"]).create(
            [engine._get_check_vals(order, checkpoint) | vals for order, vals in targets]
        )
        checks = checks.with_env(cls.env).sudo()
        results = model._evaluate(checks)
        return {record: results[check] for record, check in zip(records, checks, strict=True)}

    @classmethod
    def judge(cls, rule, order, picking=None, invoice=None, **parameters):
        """Ask ``rule`` about one record: None when it holds, else ``(code, English text)``."""
        if picking:
            results = cls.evaluate_rule(rule, (), pickings=[picking], **parameters)
        elif invoice:
            results = cls.evaluate_rule(rule, (), invoices=[invoice], **parameters)
        else:
            results = cls.evaluate_rule(rule, order, **parameters)
        [reason] = results.values()
        if reason is None:
            return None
        return reason["code"], cls.env[f"sop.rule.{rule}"]._reason_text(reason["code"], reason["data"])


class SopCase(SopFixture, TransactionCase):
    """A transaction case with the company at work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_company()
