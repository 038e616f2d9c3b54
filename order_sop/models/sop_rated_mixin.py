from odoo import models


class SopRatedMixin(models.AbstractModel):
    """What customers thought of a document, by Odoo's own ratings, one a document.

    Without ``rating.mixin``: its stored average would be computed for every document there is, and with each new one.
    """

    _name = "sop.rated.mixin"
    _description = "SOP: rated by customers"

    def _sop_get_ratings(self, given=True):
        """Return ``{document: rating}`` of the customers of the documents in ``self``, in superuser mode.

        :param bool given: only what was rated already; False: also what is only asked for
        """
        domain = [("res_model", "=", self._name), ("res_id", "in", self._origin.ids)]
        if given:
            domain += [("consumed", "=", True)]
        found = self.env["rating.rating"].sudo().search(domain, order="id")  # whoever may see the document
        latest = {rating.res_id: rating for rating in found}
        return {document: latest[document.id] for document in self._origin if document.id in latest}

    def _sop_get_rating_token(self):
        """Return the token by which the customer rates the one document in ``self``: the same whenever he is asked, so
        that he can think again and nobody rates twice."""
        [*ratings] = self._sop_get_ratings(given=False).values()
        return ratings[0].access_token if ratings else self._rating_get_access_token()
