from collections import defaultdict

from odoo import fields
from odoo.fields import Domain


class PriceBook:
    """The price rules of some pricelists for some products, read at once.

    Odoo searches the rules that apply anew for each line. Handed on as context key ``sop_price_book``, a book answers
    from memory, so that the price of many lines costs as many queries as that of one; see ``product.pricelist``.
    """

    def __init__(self, pricelists, products, date):
        """Read the rules of ``pricelists``, and of those that they are based on, for ``products``.

        :param pricelists: ``product.pricelist`` records
        :param products: ``product.product`` records
        :param date: any naive UTC datetime; the book has the rules of all dates
        """
        self._templates = set(products.product_tmpl_id.ids)
        self._rules = {}
        while pricelists:
            found = self._search(pricelists, products, date)
            for pricelist in pricelists:
                self._rules[pricelist.id] = defaultdict(list)
            for position, rule in enumerate(found):
                self._rules[rule.pricelist_id.id][rule.product_tmpl_id.id].append((position, rule))
            pricelists = found.base_pricelist_id.filtered(lambda base: base.id not in self._rules)

    def _search(self, pricelists, products, date):
        """Return the rules that core would search for, of all ``pricelists`` and for any date."""

        def any_date(condition):
            return Domain.TRUE if condition.field_expr in ("date_start", "date_end") else condition

        return pricelists.env["product.pricelist.item"].search(
            Domain.OR(
                Domain(pricelist._get_applicable_rules_domain(products=products, date=date)).map_conditions(any_date)
                for pricelist in pricelists
            )
        )

    def find(self, pricelist, products, date):
        """Return the rules of ``pricelist`` that may apply to ``products`` on ``date``, in core's order, or None.

        None means that the book was not made for them.
        """
        templates = set((products.product_tmpl_id if products._name == "product.product" else products).ids)
        if pricelist.id not in self._rules or not templates <= self._templates:
            return None
        date = fields.Datetime.to_datetime(date)
        rules = self._rules[pricelist.id]
        candidates = [entry for template in (*templates, False) for entry in rules.get(template, ())]
        return pricelist.env["product.pricelist.item"].concat(
            *(
                rule
                for _position, rule in sorted(candidates, key=lambda entry: entry[0])
                if (not rule.date_start or rule.date_start <= date) and (not rule.date_end or rule.date_end >= date)
            )
        )
