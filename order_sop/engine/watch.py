from odoo import api, models


class SopEngineWatch(models.AbstractModel):
    """Compares what an order said when somebody gave his word with what it says now."""

    _name = "sop.engine.watch"
    _description = "SOP engine: watched facts"

    @api.model
    def _get_changes(self, checkpoint, before, now):
        """Return what ``checkpoint`` minds of the changes between the facts ``before`` and ``now`` of a document.

        An approval that watches nothing in particular minds every fact that the order itself says.

        :return: ``[[fact, value before, value now]…]``, empty when the word given stands
        """
        if before == now:
            return []
        watched = {watch.fact: watch for watch in checkpoint.watch_ids}
        if not watched and checkpoint.kind != "approval":
            return []
        return [
            [fact, before.get(fact), now.get(fact)]
            for fact, _label in self.env["sop.watch"]._fields["fact"].selection
            if self._is_touched(watched, fact, before, now)
        ]

    @api.model
    def _is_touched(self, watched, fact, before, now):
        """Tell whether a word given ends since ``fact`` changed between the facts ``before`` and ``now``.

        :param watched: watches by fact; nothing where all facts count
        """
        changed = before.get(fact) != now.get(fact)
        if not watched:
            return changed and fact != "attachments"
        if fact not in watched:
            return False
        if fact == "amount" and before.get("currency") != now.get("currency"):
            return True  # the same number is another amount
        return changed and watched[fact]._is_touched(before.get(fact), now.get(fact))

    @api.model
    def _get_text(self, document, changes):
        """Return ``changes`` (see :meth:`_get_changes`) in the reader's words, a line each."""
        labels = dict(self.env["sop.watch"]._fields["fact"]._description_selection(self.env))
        lines = []
        for fact, before, now in changes:
            if fact in ("products", "prices"):
                lines.append(f"{labels[fact]}: " + ", ".join(self._get_line_texts(fact, before or [], now or [])))
                continue
            texts = [document._sop_fact_text(fact, value) for value in (before, now)]
            lines.append(f"{labels[fact]}: {texts[0]} → {texts[1]}")
        return "\n".join(lines)

    @api.model
    def _get_line_texts(self, fact, before, now):
        """Return what was changed on which product, of two lists of line facts ``[product id, value…]``."""
        products = self.env["product.product"].sudo()  # their names
        texts = []
        for product_id in dict.fromkeys(line[0] for line in (*before, *now)):
            old, new = ([line[1:] for line in lines if line[0] == product_id] for lines in (before, now))
            if old != new:
                name = products.browse(product_id).exists().display_name or str(product_id)
                values = (" + ".join(self._get_value_text(fact, line) for line in lines) or "–" for lines in (old, new))
                texts.append("{} {} → {}".format(name, *values))
        return texts

    @api.model
    def _get_value_text(self, fact, line):
        """Return the value of a line fact: quantity and unit, or price, discount and taxes."""
        if fact == "products":
            quantity, unit = line
            return f"{quantity:.10g} {self.env['uom.uom'].sudo().browse(unit).exists().name or ''}".strip()  # its name
        price, discount, tax_ids = line
        taxes = self.env["account.tax"].sudo().browse(tax_ids).exists().mapped("name")  # their names
        return " ".join([f"{price:.10g}", *([f"-{discount:.10g} %"] if discount else []), *taxes])
