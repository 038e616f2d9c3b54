import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const ICONS = {
    pending: "fa-circle-o text-muted",
    failed: "fa-exclamation-circle text-danger",
    passed: "fa-check-circle text-success",
    waived: "fa-step-forward text-warning",
    not_applicable: "fa-minus-circle text-muted",
};

const STEP_ICONS = {
    waiting: "fa-ellipsis-h text-muted",
    open: "fa-hourglass-half text-info",
    approved: "fa-check text-success",
    rejected: "fa-times text-danger",
};

/** One line of the SOP panel: a check with what is missing, who can do it, and the buttons of the current user. */
export class SopCheck extends Component {
    static template = "order_sop.SopCheck";
    static components = { Dropdown, DropdownItem };
    static props = { check: Object, call: Function, openRecord: Function, record: Object };

    get icon() {
        const { state, blocking } = this.props.check;
        return state === "failed" && !blocking ? "fa-exclamation-triangle text-warning" : ICONS[state];
    }

    get isOpen() {
        return ["pending", "failed"].includes(this.props.check.state);
    }

    /** What tells most: the system's reason, what the rejecting person said, or how a manual check is done. */
    get detail() {
        const { kind, state, note, reason, instruction } = this.props.check;
        if (this.isOpen && (kind === "auto" || state === "failed" || this.props.check.changed)) {
            return note && kind !== "auto" ? `${reason} ${note}` : reason;
        }
        return this.isOpen ? instruction : note;
    }

    /** The delivery or invoice that it is about is named, unless it is the very form that the panel stands on. */
    get showsDocument() {
        const { document, document_model, document_id } = this.props.check;
        const { resModel, resId } = this.props.record;
        return document && !(document_model === resModel && document_id === resId);
    }

    /** Until when it has to be done by its own time limit. */
    get deadline() {
        return toLocaleDateTimeString(deserializeDateTime(this.props.check.deadline), { showSeconds: false });
    }

    get doneAt() {
        return toLocaleDateTimeString(deserializeDateTime(this.props.check.done_at), { showSeconds: false });
    }

    /** Until when a check is passed over. */
    get until() {
        return _t("until %s", toLocaleDateTimeString(deserializeDateTime(this.props.check.until), { showSeconds: false }));
    }

    can(action) {
        return this.props.check.actions.includes(action);
    }

    /** Act at once; nothing has to be said. */
    act(name) {
        return this.props.call("sop.check", this.props.check.id, name);
    }

    /** What else can be done with an approval. */
    get more() {
        const labels = {
            return: _t("Return…"),
            transfer: _t("Hand Over…"),
            add: _t("Add an Approver…"),
            recall: _t("Recall…"),
        };
        return Object.keys(labels)
            .filter((name) => this.can(name))
            .map((name) => ({ name, label: labels[name] }));
    }

    stepIcon(step) {
        return STEP_ICONS[step.state];
    }

    /** Open the dialog for a decision on the approval. */
    decide(operation) {
        return this.props.call("sop.approval", this.props.check.approval, "action_open_dialog", {
            sop_operation: operation,
            sop_seen: this.props.check.seen,
        });
    }

    /** Open the dialog that asks for a note, evidence or a reason first. */
    ask(operation) {
        return this.props.call("sop.check", this.props.check.id, "action_open_dialog", { sop_operation: operation });
    }
}
