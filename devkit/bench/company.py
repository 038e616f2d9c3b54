"""The company that the benchmark works in: the same users, customers, products and stock in every database.

Runs inside Odoo.
"""

from dataclasses import dataclass

from odoo import Command
from odoo.api import SUPERUSER_ID, Environment

ERP_GROUPS = ("sales_team.group_sale_salesman_all_leads", "stock.group_stock_user", "account.group_account_invoice")
CUSTOMERS = 50
PRODUCTS = 20
LINES = 5
PRICE = 100.0
STOCK = 10_000_000


@dataclass
class Company:
    """Ids of what the benchmark works with in a database; ``members`` (one a department) is empty without the addon."""

    user: int
    customers: list[int]
    products: list[int]
    carrier: int
    members: dict[str, int]


def furnish(env: Environment, active: bool = False) -> Company:
    """Make the company in a database that holds no orders yet, put new orders under the SOP if active, and commit."""
    env = env(user=SUPERUSER_ID, context={"no_reset_password": True, "tracking_disable": True})
    company = env.company
    company.write({"account_use_credit_limit": True, "stock_text_confirmation": False})  # no text messages
    term = env.ref("account.account_payment_term_30days")
    customers = env["res.partner"].create([_customer(env, number, term) for number in range(CUSTOMERS)])
    products = env["product.product"].create(
        [
            {
                "name": f"Product {number}",
                "type": "consu",
                "is_storable": True,
                "list_price": PRICE,
                "invoice_policy": "delivery",
            }
            for number in range(PRODUCTS)
        ]
    )
    stock = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1).lot_stock_id
    for product in products:
        env["stock.quant"]._update_available_quantity(product, stock, STOCK)
    service = env["product.product"].create({"name": "Delivery", "type": "service", "list_price": 0.0})
    carrier = env["delivery.carrier"].create({"name": "Lorry", "product_id": service.id, "fixed_price": 0.0})
    user = _user(env, "clerk", ERP_GROUPS)
    members = {}
    if "sop.process" in env:
        company.sop_active = active
        members = hire(env)
    env.cr.commit()
    return Company(user, customers.ids, products.ids, carrier.id, members)


def hire(env: Environment) -> dict[str, int]:
    """Make a user for each department of the addon; return their ids by the department's name."""
    names = [name.rpartition("department_")[2] for name in env["sop.department"].search([]).get_external_id().values()]
    return {name: _user(env, name, (f"order_sop.group_{name}",)) for name in names}


def _customer(env: Environment, number: int, term) -> dict:
    """Return the values of a customer whose data are complete."""
    return {
        "name": f"Customer {number}",
        "is_company": True,
        "vat": "BE0477472701",
        "email": f"customer{number}@example.com",
        "phone": "+32 2 123 45 67",
        "street": f"Main Street {number}",
        "city": "Brussels",
        "zip": "1000",
        "country_id": env.ref("base.be").id,
        "property_payment_term_id": term.id,
        "credit_limit": 1e12,
    }


def _user(env: Environment, login: str, groups: tuple[str, ...]) -> int:
    """Make a user with these groups and return the id."""
    values = {"name": login, "login": f"bench.{login}", "email": f"{login.replace('.', '_')}@example.com"}
    return env["res.users"].create(values | {"group_ids": [Command.set([env.ref(name).id for name in groups])]}).id
