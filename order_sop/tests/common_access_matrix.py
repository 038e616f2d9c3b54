"""The README's table "Who may do what", what it is tried on, and requests of each of its users."""

from pathlib import Path

from odoo import Command, fields
from odoo.tests import new_test_user

from .common import DEPARTMENTS
from .common_http import Refused, SopHttpCase

README = Path(__file__).parents[2] / "README.md"
HEADING = "## Who may do what"
ROWS = {
    **{name: name.replace("_", " ").title().replace("After Sales", "After-Sales") for name in DEPARTMENTS},
    "auditor": "Auditor",
    "officer": "Officer",
    "manager": "Manager",
    "employee": "Employee outside the SOP",
    "portal": "Customer (portal)",
    "public": "Not logged in",
}
NO_RIGHT = ("AccessError", "AccessDenied", "Unauthorized", "SessionExpiredException")
YES, NO = "yes", "–"


def read_matrix():
    """Return the table as ``{name of a user: {column: cell}}``."""
    section = README.read_text(encoding="utf-8").split(HEADING, 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    (_who, *columns), _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    names = {label: name for name, label in ROWS.items()}
    return {names[label]: dict(zip(columns, cells, strict=True)) for label, *cells in rows}


class MatrixCase(SopHttpCase):
    """Cells of the table: what a request of each user comes to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["manager"].group_ids = [Command.set(cls.env.ref("order_sop.group_manager").ids)]
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.keys, cls.settled = {}, 0

    def setUp(self):
        super().setUp()
        if not README.exists():
            self.skipTest("the addon was installed without its README")
        self.matrix = read_matrix()
        self.checks = self.make_process(
            {
                "auto_advance": False,
                "checkpoints": [
                    {"name": f"{kind} {name}", "kind": kind, "department_id": department.id}
                    for name, department in self.departments.items()
                    for kind in ("manual", "approval")
                ],
            },
            code="CHECKS",
        )
        self.case_work, self.no_work = (
            self.make_process(
                {
                    "auto_advance": False,
                    "department_id": self.departments["customer_service"].id,
                    "checkpoints": [
                        {"name": f"manual {name}", "kind": "manual", "department_id": self.departments[name].id}
                        for name in names
                    ],
                },
                code=code,
                applies_to="sop.case",
            )
            for code, names in (("CASES", [name for name in DEPARTMENTS if name != "sales"]), ("QUIET", ()))
        )
        # whom Sales may see, and nobody of them sells: what is tried is what the department may
        self.stages = {
            name: self.make_order(
                user_id=False,
                process=self.make_process(
                    *(self.stage(number, False, department=name, auto_advance=False) for number in ("1", "2", "3")),
                    code=name,
                ),
            )
            for name in DEPARTMENTS
        }

    # -- requests ------------------------------------------------------------------------------------------------------

    def ask_rpc(self, name, model, method, ids=None, **kwargs):
        if name != "public":
            return self.rpc(model, method, *([ids] if ids else ()), user=name, **kwargs)
        self.authenticate(None, None)
        self.rpc_user = None
        body = {"params": {"model": model, "method": method, "args": [ids] if ids else [], "kwargs": kwargs}}
        error = self.url_open(f"/web/dataset/call_kw/{model}/{method}", json=body).json()["error"]
        raise Refused(error["data"]["name"], error["data"]["message"], error["code"])

    def ask_json2(self, name, model, method, ids=None, **kwargs):
        if name not in self.keys and name != "public":
            keys = self.env["res.users.apikeys"].with_user(self.users[name])
            self.keys[name] = keys._generate("rpc", "test", fields.Datetime.add(fields.Datetime.now(), hours=12))
        headers = {"Authorization": f"Bearer {self.keys.get(name, 'none')}"}
        self.commit()
        params = kwargs | ({"ids": ids} if ids else {})
        response = self.url_open(f"/json/2/{model}/{method}", json=params, headers=headers)
        self.env.invalidate_all()
        if not response.ok:
            raise Refused(response.json()["name"], response.json()["message"], response.status_code)
        return response.json()

    def granted(self, name, model, method, ids=None, **kwargs):
        """Return whether the request is granted; one that fails for another reason than rights is an error."""
        try:
            return [self.ask(name, model, method, ids, **kwargs)]
        except Refused as refused:
            if refused.name.rpartition(".")[2] in NO_RIGHT or "Only an SOP manager" in refused.message:
                return False
            raise

    def over_own_and_foreign(self, name, method, own, foreign, **kwargs):
        """Return the cell for what may be done to ``own`` (a record of one's department) and ``foreign``."""
        answers = [bool(self.granted(name, record._name, method, record.ids, **kwargs)) for record in (own, foreign)]
        return {(True, True): "all", (True, False): "own", (False, False): NO}[tuple(answers)]

    # -- helpers -------------------------------------------------------------------------------------------------------

    def home(self, name):
        return name if name in DEPARTMENTS else "warehouse"

    def other(self, name):
        return "legal" if self.home(name) != "legal" else "purchasing"

    def assert_matrix(self, ask):
        self.ask = ask
        self.assertEqual(list(self.matrix), list(ROWS), "a line for each of them")
        for name, line in self.matrix.items():
            for column, cell in line.items():
                with self.subTest(name=name, column=column):
                    self.assertEqual(getattr(self, f"column_{column.replace(' ', '_')}")(name), cell)
