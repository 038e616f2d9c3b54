"""The customer in his browser: real requests to the page of his order, with a login or with the link that he got."""

import re

from odoo.tests import HttpCase

from .common_customer import CustomerFixture

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"|csrf_token: "([^"]+)"')


class PortalCase(CustomerFixture, HttpCase):
    """An HTTP case with orders of a customer, and visitors of all kinds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_customers()

    def visit_as(self, name):
        """Go on as the user called ``name``; None: nobody is logged in."""
        self.form_token = None
        if name is None:
            self.authenticate(None, None)
            return
        login = self.users[name].login
        self.authenticate(login, login)

    def token(self, order):
        """Return the token that is in the link to ``order``."""
        token = order._portal_ensure_token()
        self.commit()
        return token

    def look(self, order, token=None):
        """Return the page of ``order`` as the visitor gets it."""
        self.commit()
        response = self.url_open(f"/my/orders/{order.id}" + (f"?access_token={token}" if token else ""), timeout=60)
        self.env.invalidate_all()
        return response

    def send_form(self, path, token=None, csrf=True, **values):
        """Post a form of the portal to ``path`` and return the answer, without following where it leads."""
        self.commit()
        if csrf:
            self.form_token = self.form_token or self.csrf_of_session()
            values["csrf_token"] = self.form_token
        if token is not None:
            path += f"?access_token={token}"
        response = self.url_open(path, data=values or {"nothing": "1"}, timeout=60, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def csrf_of_session(self):
        """Return the form token of the visitor's session, from a page that he sees."""
        page = self.url_open("/my/orders/1", timeout=60).text  # leads to /my, or to the login
        return next(filter(None, CSRF.search(page).groups()))

    def ask(self, order, kind="parts", **wishes):
        """Return a question that the house has about the short line of ``order``."""
        return self.decide("manager", order, kind, **wishes)
