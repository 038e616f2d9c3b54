"""What several rules need to know of an order."""

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL


def product_lines(orders):
    """Return the lines of ``orders`` that sell a product in its own right.

    Left out are sections and notes, down payments, and what goes along with other lines: delivery charges, discount
    lines and rewards (``_can_be_invoiced_alone`` is core's hook for those; it believes marks that anybody may set).
    """
    lines = orders.order_line
    found = lines.filtered(
        lambda line: (
            line.product_id
            and not line.display_type
            and not line._sop_is_aside()
            and (line.is_delivery or line.is_downpayment or line._can_be_invoiced_alone())
            and not line._is_global_discount()
        )
    )
    return found.with_prefetch(lines._prefetch_ids)  # filtered ones would read by themselves what the batch needs


def get_promise(order, delivery):
    """Return when the one ``delivery`` of ``order`` was promised (naive UTC): the delivery date on the order, else the
    deadline of the delivery; False without either. What replaces something later was not promised with the order."""
    if delivery.sop_is_of_case:
        return delivery.date_deadline
    return order.commitment_date or delivery.date_deadline


def company_day(company, moment=None):
    """Return the calendar day on which ``moment`` (naive UTC; now when None) falls where ``company`` is.

    The time zone is that of the company's own contact, else of its working hours: the answer must not depend on who
    happens to ask.
    """
    _language, timezone = company._sop_locale()
    moment = moment or fields.Datetime.now()
    return fields.Datetime.context_timestamp(company.with_context(tz=timezone), moment).date()


def select(env, columns, query):
    """Return the rows that ``query`` (SQL) finds: what is still to be written to its ``columns`` is written first.

    :param columns: ``{model: names of the fields that it reads}``
    """
    for model, names in columns.items():
        env[model].flush_model(names)
    return env.execute_query(query)


def outside(location):
    """Return whether the place with the alias ``location`` is out of the house, see ``_sop_is_outside``."""
    return SQL(
        "(%(place)s.usage = 'customer' OR (%(place)s.usage = 'transit' AND %(place)s.company_id IS NULL))",
        place=SQL.identifier(location),
    )


def outside_domain(name):
    """Return the domain of those whose place in the field ``name`` is out of the house, see ``_sop_is_outside``."""
    transit = Domain(f"{name}.usage", "=", "transit") & Domain(f"{name}.company_id", "=", False)
    return Domain(f"{name}.usage", "=", "customer") | transit
