import { Component, markup, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { SopCheck } from "./sop_check";

const { DateTime } = luxon;

const OPEN_STATUSES = ["running", "waiting", "on_hold"];
const OPEN_STATES = ["pending", "failed"];
const STATUS_CLASSES = {
    running: "text-bg-info",
    waiting: "text-bg-danger",
    on_hold: "text-bg-warning",
    done: "text-bg-success",
    cancelled: "text-bg-secondary",
};

const PROMISE_CLASSES = { on_track: "text-bg-success", at_risk: "text-bg-warning", late: "text-bg-danger" };

/** What the SOP says about an order, on the order itself, its deliveries and its invoices. See the model sop.panel. */
export class SopPanel extends Component {
    static template = "order_sop.SopPanel";
    static components = { SopCheck };
    static props = { ...standardFieldProps };

    setup() {
        this.actionService = useService("action");
        this.state = useState({ now: DateTime.now(), showInstruction: false, showDone: false });
        onMounted(() => {
            this.interval = browser.setInterval(() => (this.state.now = DateTime.now()), 30_000);
        });
        onWillUnmount(() => browser.clearInterval(this.interval));
    }

    get panel() {
        return this.props.record.data[this.props.name];
    }

    get isOpen() {
        return OPEN_STATUSES.includes(this.panel.status);
    }

    get isOrder() {
        return this.props.record.resModel === this.panel.order.model;
    }

    get statusClass() {
        return STATUS_CLASSES[this.panel.status];
    }

    get position() {
        const current = this.panel.stages.findIndex((stage) => stage.state === "current");
        return current >= 0 && _t("%(number)s of %(total)s", { number: current + 1, total: this.panel.stages.length });
    }

    get instruction() {
        return markup(this.panel.stage.instruction); // sanitized by the html field that it comes from
    }

    get toDo() {
        return this.panel.checks.filter((check) => OPEN_STATES.includes(check.state));
    }

    get done() {
        return this.panel.checks.filter((check) => !OPEN_STATES.includes(check.state));
    }

    /** Until when the order should leave its stage, as seen now: `{text, title, class}`, or false without a limit. */
    get time() {
        if (!this.panel.deadline || !this.isOpen) {
            return false;
        }
        const now = this.state.now;
        const deadline = deserializeDateTime(this.panel.deadline);
        const when = deadline.toRelative({ base: now });
        const title = _t("To be done until %s", toLocaleDateTimeString(deadline, { showSeconds: false }));
        if (deadline < now) {
            return { text: _t("Late: due %s", when), title, class: "text-danger fw-bold" };
        }
        const warn = deserializeDateTime(this.panel.warn_at) < now;
        return { text: _t("Due %s", when), title, class: warn ? "text-warning-emphasis fw-bold" : "text-muted" };
    }

    get promiseClass() {
        return PROMISE_CLASSES[this.panel.promise.state];
    }

    /** What was promised, and what is to be expected: two dates in words. */
    get promiseDates() {
        const format = (text) => toLocaleDateTimeString(deserializeDateTime(text), { showSeconds: false });
        const { promised_at, finish_at } = this.panel.promise;
        if (!finish_at) {
            return _t("Promised for %s", format(promised_at));
        }
        return _t("Promised for %(promised)s, expected %(finish)s", {
            promised: format(promised_at),
            finish: format(finish_at),
        });
    }

    /** Who put the order on hold and when, and until when. */
    holdOrigin(hold) {
        const shown = (date) => toLocaleDateTimeString(deserializeDateTime(date), { showSeconds: false });
        const parts = [hold.by || _t("Set by itself"), shown(hold.set_at)];
        if (hold.expires_at) {
            parts.push(_t("until %s", shown(hold.expires_at)));
        }
        return parts.join(" · ");
    }

    stageNameClass(stage) {
        return {
            "fw-bold": stage.state === "current",
            "text-muted": stage.state !== "current",
            "text-decoration-line-through": stage.state === "skipped",
        };
    }

    stageTitle(stage) {
        return stage.gate ? _t("%(stage)s: unlocks “%(gate)s”", { stage: stage.name, gate: stage.gate }) : stage.name;
    }

    /**
     * Call a method that acts on the order, one of its checks or its holds, the way a button of the form does: pending
     * changes are saved first, all buttons rest meanwhile, the form is read again afterwards, errors show as usual.
     */
    call(resModel, resId, name, buttonContext = {}) {
        return this.env.onClickViewButton({
            clickParams: { type: "object", name, buttonContext },
            getResParams: () => ({ resModel, resId, resIds: [resId], context: { ...user.context } }),
        });
    }

    openRecord(resModel, resId) {
        return this.actionService.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }
}

export const sopPanel = {
    component: SopPanel,
    displayName: _t("SOP Panel"),
    supportedTypes: ["json"],
};

registry.category("fields").add("sop_panel", sopPanel);
