from ast import literal_eval
from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.guard import is_engine, is_uninstalling


class SopDefinitionMixin(models.AbstractModel):
    """What a published process consists of: once published, it refuses every edit, superuser included.

    A model says by :meth:`_get_processes` to which processes its records belong.
    """

    _name = "sop.definition.mixin"
    _description = "Part of an SOP definition"

    order_domain = fields.Char("Orders", help="Only for orders, or cases, that meet this condition. Empty: for all.")

    @api.constrains("order_domain")
    def _check_order_domain(self):
        for record in self:
            try:
                # building the query names unknown fields and operators; nothing is read
                self.env[record._get_document_model()].sudo()._search(record._get_order_domain())
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(name)s” is not valid: %(error)s", name=record.display_name, error=error
                    )
                ) from error

    def _get_document_model(self):
        """Return the name of the model of the flow documents that the one definition record in ``self`` is for."""
        return self._get_processes()[:1].applies_to or "sale.order"

    def _get_order_domain(self):
        """Return the condition of the one definition record in ``self`` as a domain on its flow documents."""
        return _parse_domain(self.order_domain or "[]")

    @api.model
    def _filter_orders(self, orders):
        """Return those of ``orders`` (any flow documents) that meet the condition of the one record in ``self``."""
        domain = self._get_order_domain()
        return orders.filtered_domain(domain) if domain else orders

    def _get_processes(self):
        """Return the ``sop.process`` records that ``self`` belongs to."""
        raise NotImplementedError(self._name)

    def _check_draft(self):
        """Raise :class:`UserError` when ``self`` belongs to a process that is no draft (any more)."""
        if is_engine(self.env):
            return
        # their state, whoever writes
        frozen = self.sudo()._get_processes().filtered(lambda process: process.state in ("published", "retired"))
        if frozen:
            raise UserError(
                self.env._(
                    "%(process)s is %(state)s and can no longer be changed: orders run by it. "
                    "An SOP officer can create a new version and edit that.",
                    process=frozen[0].display_name,
                    state=dict(frozen._fields["state"]._description_selection(self.env))[frozen[0].state].lower(),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        # whose part it becomes is known afterwards: undone even if the caller goes on after the error
        with self.env.cr.savepoint():
            records = super().create(vals_list)
            records._check_draft()
        return records

    def write(self, vals):
        self._check_draft()
        # once more: a stage must not be moved into a published process either
        with self.env.cr.savepoint():
            result = super().write(vals)
            self._check_draft()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._check_draft()
        return super()._update_field_translations(field_name, translations, digest, source_lang)

    @api.ondelete(at_uninstall=True)  # which is a context key: see is_uninstalling
    def _unlink_except_published(self):
        if not is_uninstalling(self.env):
            self._check_draft()


@lru_cache(maxsize=1024)
def _parse_domain(text):
    return literal_eval(text)
