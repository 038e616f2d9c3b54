from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import api, fields, models, release
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import split_every

from .settlement_writer import AT_ONCE, SettlementWriter
from .workbook import Book, Column

SCOPES = ("sop.settlement.line", "sop.settlement.order")


class SopSettlementBook(models.AbstractModel):
    """The settlement as an XLSX file: the rows of the ledger that a list shows, line by line and summed up.

    The rows pass once and none is kept, so that any number of lines fits into memory. All is read by the rights of the
    user; whoever may not read the settlement gets an :class:`AccessError`.
    """

    _name = "sop.settlement.book"
    _description = "Settlement Workbook"

    @api.model
    def _get_scope(self, model, domain):
        """Return the settlement lines behind a list, as records of ``sop.settlement.line``.

        :param model: of the list, one of ``SCOPES``
        :param domain: of the list; as the day, ``sop_day`` of the context counts
        :raise ValidationError: for another model, and for what is no domain of it
        """
        if model not in SCOPES:
            raise ValidationError(self.env._("“%s”: this is no settlement list.", model))
        self.env[model].check_access("read")
        self.env["sop.ledger"]._get_day(self.env.company)  # or it is none
        lines = self.env["sop.settlement.line"]
        try:
            domain = Domain(domain)
            if model != lines._name:
                domain = Domain("order_id", "in", self.env[model]._search(domain))
            return lines.search(domain)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ValidationError(self.env._("“%s”: the list cannot be filtered by this.", domain)) from error

    @api.model
    def _count(self, model, domain):
        """Return how many lines are behind a list; arguments as for :meth:`_get_scope`."""
        return len(self._get_scope(model, domain))

    @api.model
    def _get_file_name(self):
        """Return the name of the file as of the day of the context."""
        day = self.env["sop.ledger"]._get_day(self.env.company)
        return f"{self.env._('Settlement')} {fields.Date.to_string(day)}.xlsx"

    @api.model
    def _write_book(self, target, model, domain, progress=None):
        """Write the workbook.

        :param target: path of the file
        :param model, domain: as for :meth:`_get_scope`
        :param progress: called with the number of lines that are written, now and then
        :return: the number of lines
        """
        lines = self._get_scope(model, domain)
        with Book(target) as book:
            writer = SettlementWriter(self, book)
            for done in writer.write_rows(lines._ids):
                if progress:
                    progress(done)
            writer.write_sums()
            self._write_differences(book, writer.order_ids, set(lines._ids))
            self._write_parameters(book, model, domain, len(lines))
        return len(lines)

    @api.model
    def _write_differences(self, book, order_ids, line_ids):
        """Write what is different on the orders by now, of their lines on ``line_ids`` alone."""
        env = self.env
        labels = env["sop.difference"].fields_get(attributes=["string", "selection"])
        names = (
            "order_id",
            "partner_id",
            "kind",
            "state",
            "amount_company",
            "found_on",
            "user_id",
            "reason_id",
            "note",
        )
        kinds = {"amount_company": "money", "found_on": "date"}
        columns = [Column(labels[name]["string"], kinds.get(name, "text"), 20) for name in names]
        title = env._("Differences")
        ledger = env["sop.ledger"]
        if ledger._get_day(env.company) < ledger.with_context(sop_day=None)._get_day(env.company):
            title = env._("Differences, as they are today")  # of earlier days nobody knows
        sheet = book.add_sheet(env._("Differences"), title, columns)
        for ids in split_every(AT_ONCE, sorted(order_ids), list):
            there = [("order_id", "in", ids), ("state", "!=", "gone")]
            for difference in env["sop.difference"].search(there, order="order_id, id"):
                if difference.line_id and difference.line_id.id not in line_ids:
                    continue
                values = [
                    dict(labels[name]["selection"]).get(difference[name])
                    if "selection" in labels[name]
                    else difference[name].sudo().display_name  # what it is called
                    if name.endswith("_id")
                    else difference[name]
                    for name in names
                ]
                pattern = book.number(difference.company_currency_id)
                sheet.add_row(values, tuple(pattern if name == "amount_company" else None for name in names))
            env.invalidate_all()
        sheet.end_rows()

    @api.model
    def _write_parameters(self, book, model, domain, number):
        """Write what the file shows, and who had it made when."""
        env = self.env
        zone = ZoneInfo(env.user.tz or "UTC")
        addon = env["ir.module.module"].sudo()._get("order_sop")  # its version
        columns = [Column(env._("Parameter"), width=28), Column(env._("Value"), width=90)]
        sheet = book.add_sheet(env._("Parameters"), env._("Parameters"), columns)
        for label, value in (
            (env._("Company"), ", ".join(env.companies.mapped("name"))),
            (env._("As Of"), fields.Date.to_string(env["sop.ledger"]._get_day(env.company))),
            (env._("List"), env[model]._description),
            (env._("Filters"), str(domain)),
            (env._("Lines"), str(number)),
            (env._("Made By"), env.user.name),
            (env._("Made On"), f"{datetime.now(zone):%Y-%m-%d %H:%M:%S} ({zone.key})"),
            (env._("Versions"), f"Odoo {release.version}, Order SOP {addon.latest_version}"),
        ):
            sheet.add_row([label, value])
