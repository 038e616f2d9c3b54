"""Real requests of real users: JSON-RPC with a session, ``/json/2`` with an API key."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase

from .common_gates import GateFixture


class Refused(Exception):
    """The server answered with an error: its exception's ``name``, its ``message`` and the HTTP ``status``."""

    def __init__(self, name, message, status):
        super().__init__(f"{status} {name}: {message}")
        self.name, self.message, self.status = name, message, status


class SopHttpCase(GateFixture, HttpCase):
    """The gated process, and somebody who calls the server from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_gates()
        groups = ("sales_team.group_sale_manager", "stock.group_stock_manager", "account.group_account_manager")
        for group in groups:
            cls.users["manager"].group_ids += cls.env.ref(group)

    def rpc(self, model, method, *args, user="manager", **kwargs):
        """Call ``model.method`` by JSON-RPC as the user called ``user``; raise :class:`Refused` when refused."""
        if getattr(self, "rpc_user", None) != user:
            login = self.users[user].login
            self.authenticate(login, login)
            self.rpc_user = user
        self.commit()
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}},
        )
        self.env.invalidate_all()
        answer = response.json()
        if "error" in answer:
            error = answer["error"]
            raise Refused(error["data"]["name"], error["data"]["message"], error["code"])
        return answer["result"]

    def json2(self, model, method, user="manager", **params):
        """Call ``model.method`` by ``/json/2`` with an API key of the user; raise :class:`Refused` when refused."""
        keys = self.env["res.users.apikeys"].with_user(self.users[user])
        key = keys._generate("rpc", "test", fields.Datetime.now() + timedelta(days=0.5))
        self.commit()
        response = self.url_open(f"/json/2/{model}/{method}", json=params, headers={"Authorization": f"Bearer {key}"})
        self.env.invalidate_all()
        if not response.ok:
            error = response.json()
            raise Refused(error["name"], error["message"], response.status_code)
        return response.json()

    def assert_refused(self, action, *texts, name="odoo.exceptions.UserError"):
        """Assert that ``action()`` is refused with an exception of that name whose message has all ``texts``."""
        with self.assertRaises(Refused) as caught:
            action()
        self.assertEqual(caught.exception.name, name, caught.exception.message)
        for text in texts:
            self.assertIn(text, caught.exception.message)
