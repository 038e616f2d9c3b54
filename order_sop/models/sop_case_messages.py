from odoo import api, models

from ..engine.arguments import plain


class SopCaseMessages(models.Model):
    """What customer and house say to each other about a case, and by which ways."""

    _inherit = "sop.case"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        if not self.env.context.get("import_file"):  # old cases were acknowledged long ago
            news = plain(cases)  # nothing that a caller put into the context, and no right of the engine
            for case in news.sudo():  # whoever has the case gets what is said about it
                case.message_subscribe(case.partner_id.ids)
            self.env["sop.engine.case.answer"]._acknowledge(news)
        return cases

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        self.env["sop.engine.case.answer"]._take_message(self, message)
        return result

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):
        # Not by a token: customers write on their page, where files are looked at and nothing said is changed later.
        return super()._get_thread_with_access(thread_id, **kwargs)

    def _sop_customer_spoke(self):
        """Release what waited for the customer of the one case in ``self``: he wrote."""
        self.env["sop.engine.holds"]._release_answered(self)
