"""What can be called from outside: a list that somebody has looked through. A new public method has to be added here.

Before you add one: it is called by anybody with a login (customers too), with any ids, arguments and context. It has
to check who calls and what it is given; whatever need not be called from outside begins with an underscore.
"""

from odoo.tests import TransactionCase, tagged

from .common import DEPARTMENTS

SETTLEMENT = {
    "action_export_xlsx",
    "action_open_deliveries",
    "action_open_invoices",
    "action_open_order",
    "action_open_payments",
}
REVIEWED = {
    "account.move": set(),
    "delivery.carrier": {"action_sop_drop_secret", "action_sop_new_secret"},
    "res.partner": {"action_sop_block", "action_sop_unblock"},
    "sale.order": {
        "action_confirm",
        "action_sop_check_again",
        "action_sop_complete",
        "action_sop_hold",
        "action_sop_open_case",
        "action_sop_preview_approvals",
        "action_sop_send_back",
        "action_view_sop_alerts",
        "action_view_sop_cases",
        "action_view_sop_differences",
        "action_view_sop_events",
        "action_view_sop_other_orders",
        "action_view_sop_ratings",
        "action_view_sop_visits",
    },
    "sop.alert": {
        "action_acknowledge",
        "action_close",
        "action_open_dialog",
        "action_reassign",
        "action_take",
    },
    "sop.alert.dialog": {"action_confirm"},
    "sop.approval": {
        "action_add_approver",
        "action_decide",
        "action_open_dialog",
        "action_recall",
        "action_transfer",
    },
    "sop.approval.dialog": {"action_confirm"},
    "sop.check": {
        "action_approve",
        "action_ask",
        "action_open_dialog",
        "action_pass",
        "action_reject",
        "action_reset",
        "action_waive",
    },
    "sop.check.dialog": {"action_confirm"},
    "sop.event": {"action_open_order"},
    "sop.flow.mixin": {"action_sop_check_again", "action_sop_complete", "action_sop_hold", "action_sop_send_back"},
    "sop.case": {
        "action_agree",
        "action_cancel",
        "action_close",
        "action_expect_goods",
        "action_refuse",
        "action_reopen",
        "action_sop_check_again",
        "action_sop_complete",
        "action_sop_hold",
        "action_solve",
        "action_sop_send_back",
        "action_view_documents",
        "action_view_sop_events",
        "action_view_sop_visits",
    },
    "sop.case.dialog": {"action_confirm"},
    "sop.case.document": {"action_open"},
    "sop.case.inspection": {"action_confirm"},
    "sop.case.line": {"action_inspect", "action_open_inspection"},
    "sop.hold": {"action_open_release", "action_release"},
    "sop.hold.dialog": {"action_confirm"},
    "sop.process": {
        "action_new_version",
        "action_open_trial",
        "action_publish",
        "action_retire",
        "action_view_orders",
    },
    "sop.proof.dialog": {"action_confirm"},
    "sop.send.back": {"action_confirm"},
    "sop.remedy": {"action_answer", "action_cancel", "action_carry_out"},
    "sop.remedy.dialog": {"action_confirm"},
    "sop.stock.line": {
        "action_decide",
        "action_open_dialog",
        "action_open_order",
        "action_open_remedy",
        "web_read_group",
        "web_search_read",
    },
    "sop.closing": {
        "action_compare",
        "action_countersign",
        "action_open_dialog",
        "action_open_late",
        "action_open_lines",
        "action_reopen",
        "action_sign",
        "action_verify",
    },
    "sop.closing.dialog": {"action_confirm"},
    "sop.late.entry": {"action_open_documents"},
    "sop.difference": {
        "action_assign",
        "action_explain",
        "action_look_again",
        "action_open_dialog",
        "action_open_document",
        "action_open_handover",
        "action_reopen",
    },
    "sop.difference.dialog": {"action_confirm"},
    "sop.difference.handover": {"action_confirm"},
    "sop.settlement.day": {"action_show"},
    "sop.settlement.line": SETTLEMENT,
    "sop.settlement.mixin": SETTLEMENT,
    "sop.kpi": {"action_export", "action_view_rows", "get_choices", "get_page", "get_trend"},
    "sop.order.report": {"action_open_order"},
    "sop.stage.report": {"action_view_visits"},
    "sop.check.report": {"action_view_checks"},
    "sop.approval.report": {"action_open_approval"},
    "sop.people.report": {"action_view_work"},
    "sop.process.map": {"get_bottlenecks", "get_choices", "get_map", "get_variants"},
    "sop.return.rate": {"action_view_cases"},
    "sop.settlement.order": SETTLEMENT,
    "sop.settlement.export": {"action_download"},
    "sop.statement": {"action_compare", "action_make_again", "action_send"},
    "sop.statement.dialog": {"action_send"},
    "sop.tie.out": {"action_open_entries"},
    "sop.tower": {"get_numbers"},
    "sop.tracking.dialog": {"action_confirm"},
    "sop.tracking.import": {"action_import"},
    "sop.handover": {"action_confirm"},
    "sop.work": {"action_do", "action_hand_over", "action_open", "action_open_order", "action_take"},
    "sop.work.dialog": {"action_confirm"},
    "sop.event.export": {"action_export"},
    "sop.trial": {"action_run", "action_view_orders"},
    "sop.trial.order": {"action_open_order"},
    "stock.picking": {"action_sop_open_case", "action_sop_prove", "action_sop_track"},
}
# Which of them change what the engine owns, and for whom: on what is their own department's ("own"), or on all they see
# ("all"). test_public_methods calls everything as everybody and finds nothing else that changes.
STOCK, SELLERS = ("warehouse", "purchasing"), ("sales", "customer_service", "manager")
CASE_WORKERS = ("after_sales", "customer_service", "manager")
CHANGES = {
    ("res.partner", "action_sop_block"): {"all": ("finance", "manager")},
    ("res.partner", "action_sop_unblock"): {"all": ("finance", "manager")},
    ("sale.order", "action_sop_complete"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sale.order", "action_sop_hold"): {"all": ("customer_service", "sales", "finance", "legal", "manager")},
    ("sale.order", "action_sop_send_back"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sop.alert", "action_acknowledge"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sop.alert", "action_close"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sop.alert", "action_reassign"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sop.alert", "action_take"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sop.approval", "action_add_approver"): {"own": DEPARTMENTS},
    ("sop.approval", "action_decide"): {"own": DEPARTMENTS},
    ("sop.approval", "action_recall"): {"all": ("manager",)},
    ("sop.approval", "action_transfer"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sop.check", "action_pass"): {"own": DEPARTMENTS},
    ("sop.check", "action_reset"): {"own": DEPARTMENTS},
    ("sop.check", "action_approve"): {"own": DEPARTMENTS},
    ("sop.check", "action_reject"): {"own": DEPARTMENTS},
    ("sop.check", "action_waive"): {"all": ("manager",)},
    ("sop.closing", "action_compare"): {"all": ("finance",)},
    ("sop.closing", "action_sign"): {"all": ("finance",)},
    ("sop.difference", "action_assign"): {"all": ("finance",)},
    ("sop.difference", "action_explain"): {"all": ("finance",)},
    ("sop.case", "action_agree"): {"all": CASE_WORKERS},
    ("sop.case", "action_cancel"): {"all": CASE_WORKERS},
    ("sop.case", "action_refuse"): {"all": CASE_WORKERS},
    ("sop.case", "action_sop_hold"): {"all": ("customer_service", "finance", "manager")},
    ("sop.hold", "action_release"): {"all": ("manager",)},
    ("sop.remedy", "action_answer"): {"own": STOCK, "all": SELLERS},
    ("sop.remedy", "action_cancel"): {"own": STOCK, "all": SELLERS},
    ("sop.statement", "action_compare"): {"all": ("finance",)},
    ("sop.statement", "action_make_again"): {"all": ("finance",)},
    ("sop.statement", "action_send"): {"all": ("finance",)},
    ("sop.work", "action_do"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sop.work", "action_hand_over"): {"own": DEPARTMENTS, "all": ("manager",)},
    ("sop.work", "action_take"): {"own": DEPARTMENTS},
    ("sop.process", "action_new_version"): {"all": ("officer", "manager")},
    ("sop.process", "action_publish"): {"all": ("manager",)},
    ("sop.process", "action_retire"): {"all": ("manager",)},
    ("stock.picking", "action_sop_prove"): {"all": ("logistics", "customer_service", "manager")},
    ("stock.picking", "action_sop_track"): {"all": ("logistics", "manager")},
}
ORM = {"create", "write", "unlink", "web_read", "copy_data", "default_get", "init"}


@tagged("post_install", "-at_install")
class TestApiSurface(TransactionCase):
    def test_every_public_method_was_reviewed(self):
        found = {}
        for name, model in self.env.registry.items():
            for cls in model.mro():
                if cls.__module__.startswith("odoo.addons.order_sop."):
                    public = {
                        attribute
                        for attribute, value in vars(cls).items()
                        if callable(value)
                        and not attribute.startswith("_")
                        and not getattr(value, "_api_private", False)
                    }
                    if public - ORM:
                        found.setdefault(name, set()).update(public - ORM)
        self.assertEqual(found, {name: methods for name, methods in REVIEWED.items() if methods})
