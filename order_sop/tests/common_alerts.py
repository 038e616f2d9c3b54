"""An order in a stage of the warehouse with a time limit, and alerts on it."""

from datetime import datetime, timedelta

from .common import SopFixture

MONDAY = datetime(2026, 3, 2, 9)
LIMIT = MONDAY + timedelta(hours=4)


class AlertFixture(SopFixture):
    """Makers of late orders and of alerts on them; a lead for the warehouse."""

    @classmethod
    def set_up_alerts(cls):
        cls.set_up_company()
        for name in ("warehouse", "manager", "finance"):
            cls.users[name].email = f"{name}@example.com"
        cls.lead = cls.users["lead"] = cls.make_user("lead", "order_sop.group_warehouse")
        cls.departments["warehouse"].lead_id = cls.lead
        cls.process = cls.make_process(
            {
                "name": "Pack",
                "department_id": cls.departments["warehouse"].id,
                "checkpoints": [{"name": "Packed", "kind": "manual"}, {"name": "Labelled", "kind": "manual"}],
            },
            {"name": "Bill", "department_id": cls.departments["finance"].id, "checkpoints": [{"kind": "manual"}]},
            owner_id=cls.users["manager"].id,
        )

    @classmethod
    def make_user(cls, name, groups, **vals):
        user = cls.env["res.users"].create(
            {"name": name, "login": f"sop_{name}", "password": f"sop_{name}", "email": f"{name}@example.com", **vals}
        )
        user.group_ids = sum((cls.env.ref(group) for group in groups.split(",")), cls.env["res.groups"])
        return user

    def make_late(self, process=None):
        """Return an order of the warehouse's stage and the new alert on it: its limit has passed."""
        order = self.make_order(process=process or self.process, user_id=self.users["sales"].id)
        return order, self.alert(order)

    @classmethod
    def alert(cls, order, kind="breach", **vals):
        """Raise an alert on the present stage of ``order``; return it, or nothing when it was raised before."""
        alerts = cls.env["sop.engine.alert"]._raise(
            [{"kind": kind, "visit_id": order.sop_visit_id.id, "due_at": LIMIT, **vals}]
        )
        cls.commit()
        return alerts
