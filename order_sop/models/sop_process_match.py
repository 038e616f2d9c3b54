from odoo import api, models, tools


class SopProcessMatch(models.Model):
    """Which process a document takes, and whether there is any to take."""

    _inherit = "sop.process"

    @api.model
    def _match(self, orders, draft=None):
        """Return ``{process: orders}``: the published process that each of ``orders`` (any flow documents) takes, by
        company, sequence and domain.

        :param draft: one process that is tried as well, as if it were published
        """
        result = {}
        for company, rest in orders.grouped("company_id").items():
            processes = self.browse(self._get_published_ids(company.id, orders._name))._warm_up()
            for process in draft._take_place(processes, company) if draft else processes:
                taken = process._filter_orders(rest)
                if taken:
                    result[process] = result.get(process, orders.browse()) | taken
                    rest -= taken
        return result

    @api.model
    def _forget(self):
        """Have everybody look anew whether, and by which processes, orders run: now, and once this is committed, since
        another thread may have looked at the old state in between."""
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    @api.model
    @tools.ormcache()
    def _is_in_use(self):
        """Tell whether any order is, or a new one would be, under a process. Without, nothing is even looked at."""
        return bool(
            self.env["res.company"].sudo().search_count([("sop_active", "=", True)], limit=1)  # of any company
            or self.env["sale.order"].sudo().search_count([("sop_process_id", "!=", False)], limit=1)  # of any company
            or self.env["sop.case"].sudo().search_count([("sop_process_id", "!=", False)], limit=1)  # of any company
        )

    @api.model
    @tools.ormcache()
    def _looks_at_drafts(self):
        """Tell whether any process checks each invoice or has a condition on invoices; rules read posted ones only."""
        processes = self.sudo().search([("state", "!=", "draft")])  # the definition is the same for everybody
        checkpoints = processes.stage_ids.checkpoint_ids
        conditions = (*processes, *processes.stage_ids, *checkpoints)
        return "invoice" in checkpoints.mapped("scope") or any(
            "invoice" in (part.order_domain or "") for part in conditions
        )

    @api.model
    @tools.ormcache("company_id", "model")
    def _get_published_ids(self, company_id, model="sale.order"):
        """Return the ids of the published processes of a company for documents of ``model``, in the order in which they
        are tried."""
        processes = self.sudo().search(  # which process an order takes does not depend on who enters it
            [("state", "=", "published"), ("company_id", "in", [False, company_id]), ("applies_to", "=", model)]
        )
        return processes._in_line().ids

    def _in_line(self):
        """Return the processes in the order in which they are tried."""
        return self.sorted(lambda process: (process.sequence, not process.company_id, process.id))

    def _take_place(self, processes, company):
        """Return the published ``processes`` of ``company`` as they would be with the one draft in ``self`` published:
        in line, without the version that it retires."""
        if self.company_id and self.company_id != company:
            return processes
        retired = processes.filtered(lambda process: (process.code, process.company_id) == (self.code, self.company_id))
        return (processes - retired | self)._in_line()
