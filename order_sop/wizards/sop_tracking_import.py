from base64 import b64decode

import pytz

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.tracking_file import MAX_FILE, MAX_LINES, Unreadable, read_items


class SopTrackingImport(models.TransientModel):
    """Imports a carrier's tracking events from a file, CSV or XLSX.

    Lines that are right are taken, the others named with the reason. What was told before is passed over: a file that
    has been mended can be imported again as a whole.
    """

    _name = "sop.tracking.import"
    _description = "SOP Tracking Import"

    carrier_id = fields.Many2one("delivery.carrier", required=True)
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    finished = fields.Boolean(readonly=True)
    created = fields.Integer("New Events", readonly=True)
    duplicates = fields.Integer("Known Before", readonly=True)
    line_ids = fields.One2many("sop.tracking.import.line", "import_id", "Lines Left Out", readonly=True)

    def action_import(self):
        """Take what is right in the file and show what became of its lines."""
        self.ensure_one()
        engine = self.env["sop.engine.tracking"]
        engine._check_may_enter()
        self.carrier_id.check_access("read")
        items = self._read_file()
        results = engine._take([item for _line, item in items], self.carrier_id, "import")
        statuses = [result["status"] for result in results]
        self.write(
            {
                "finished": True,
                "file": False,
                "created": statuses.count("created"),
                "duplicates": statuses.count("duplicate"),
            }
        )
        # what became of the user's own file
        self.env["sop.tracking.import.line"].sudo().create(
            [
                {"import_id": self.id, "line": line, "number": item.get("number"), "problem": result["message"]}
                for (line, item), result in zip(items, results, strict=True)
                if result["message"]
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_tracking_import_action")
        return action | {"res_id": self.id}

    def _read_file(self):
        """Return ``[(line, item)…]`` of the file; see ``sop.engine.tracking._take``."""
        try:
            content = b64decode(self.with_context(bin_size=False).file or b"")
        except ValueError as error:
            raise UserError(self.env._("This is no file.")) from error
        codes = dict(self.env["sop.tracking.event"]._fields["code"]._description_selection(self.env))
        labels = {label.lower(): code for code, label in codes.items()}
        try:
            return read_items(content, labels, pytz.timezone(self.env.user.tz or "UTC"))
        except Unreadable as problem:
            texts = {
                "large": self.env._(
                    "The file is too large: at most %(size)s MB and %(lines)s lines.",
                    size=MAX_FILE // 1024 // 1024,
                    lines=MAX_LINES,
                ),
                "columns": self.env._("The first line has to name the columns “number”, “event” and “time”."),
                "empty": self.env._("There is nothing in the file."),
                "format": self.env._("This is neither a CSV nor an XLSX file."),
            }
            raise UserError(texts[problem.code]) from problem
