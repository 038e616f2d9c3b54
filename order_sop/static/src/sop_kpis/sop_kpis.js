import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatNumber, formatValue, targetText } from "./kpi_format";
import { getDays, PERIODS } from "./kpi_period";
import * as words from "./kpi_words";
import { SopKpiDetail } from "./sop_kpi_detail";

const CHOICES_KEY = "order_sop.kpis";
const NOTHING = {
    period: "this_quarter",
    from: "",
    to: "",
    process: "",
    version: "",
    department: "",
    compare: "",
    otherFrom: "",
    otherTo: "",
};
const FIRST_DAY = "1970-01-01";

/**
 * The KPIs of a period, each beside what it was before, what the company wants it to be, and how it is computed; every
 * figure opens the rows that it counts. All of it comes from the model sop.kpi.
 */
export class SopKpis extends Component {
    static template = "order_sop.SopKpis";
    static props = { ...standardActionServiceProps };
    static path = "sop-kpis";
    static displayName = _t("KPIs");

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.periods = PERIODS;
        this.words = words;
        this.formatValue = formatValue;
        this.targetText = targetText;
        const kept = this.props.state || {};
        this.state = useState({ choice: kept.choice || this.readChoice(), choices: null, page: kept.page || null });
        this.state.refused = "";
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({ choice: { ...this.state.choice }, page: this.state.page }),
        });
        onWillStart(async () => {
            if (!(await this.readChoices())) {
                return;
            }
            const { departments, all } = this.state.choices;
            const ids = departments.map((each) => String(each.id));
            if (!ids.includes(this.state.choice.department)) {
                this.state.choice.department = all ? "" : ids[0];
            }
            const codes = this.state.choices.processes.map((each) => each.code);
            if (!codes.includes(this.state.choice.process)) {
                this.state.choice.process = "";
            }
            await this.refreshOrBegin();
        });
    }

    // -- reading ------------------------------------------------------------------------------------------------------

    /** Read what may be chosen from; return whether the reader sees any KPIs at all. */
    async readChoices() {
        try {
            this.state.choices = await this.orm.call("sop.kpi", "get_choices", []);
        } catch (error) {
            if (error.exceptionName !== "odoo.exceptions.AccessError") {
                throw error;
            }
            this.state.refused = error.data.message;
        }
        return !this.state.refused;
    }

    async refresh() {
        const asked = (this.asked = (this.asked || 0) + 1);
        const page = await this.orm.call("sop.kpi", "get_page", [...this.arguments, this.other]);
        if (asked === this.asked) {
            this.state.page = page;
        }
    }

    /** Read what was chosen last; if that cannot be read any more, begin with what everybody begins with. */
    async refreshOrBegin() {
        try {
            await this.refresh();
        } catch {
            this.state.choice = { ...NOTHING, department: this.state.choice.department };
            await this.refresh();
        }
    }

    get days() {
        const { period, from, to } = this.state.choice;
        if (period === "custom" && from && to && from <= to) {
            return [from, to];
        }
        return getDays(period).map(serializeDate);
    }

    get filters() {
        const { process, department, version } = this.state.choice;
        return {
            process: process || null,
            version: this.versions.includes(version) ? Number(version) : null,
            department: department ? Number(department) : null,
        };
    }

    get arguments() {
        return [...this.days, this.filters];
    }

    /** What the figures are compared with, null for as many days just before. */
    get other() {
        const { compare, otherFrom, otherTo } = this.state.choice;
        if (compare === "year") {
            const [date_from, date_to] = this.days.map((day) =>
                serializeDate(deserializeDate(day).minus({ years: 1 }))
            );
            return { date_from, date_to };
        }
        if (compare === "custom" && otherFrom && otherTo && otherFrom <= otherTo) {
            return { date_from: otherFrom, date_to: otherTo };
        }
        return this.versions.includes(compare) ? { version: Number(compare) } : null;
    }

    /** The versions of the chosen process, newest first, as text. */
    get versions() {
        const process = this.state.choices.processes.find((each) => each.code === this.state.choice.process);
        return process ? process.versions.map(String) : [];
    }

    // -- what is shown ------------------------------------------------------------------------------------------------

    get sections() {
        const sections = new Map();
        for (const kpi of this.state.page.kpis) {
            if (!sections.has(kpi.section)) {
                sections.set(kpi.section, { key: kpi.section, name: kpi.section_label, kpis: [] });
            }
            sections.get(kpi.section).kpis.push(kpi);
        }
        return [...sections.values()];
    }

    get periodText() {
        const day = (value) => formatDate(deserializeDate(value));
        const page = this.state.page;
        const days = { company: page.company, from: day(page.date_from), to: day(page.date_to) };
        const before = { beforeFrom: day(page.before_from), beforeTo: day(page.before_to) };
        return page.before_version
            ? _t(
                  "%(company)s, %(from)s to %(to)s. Compared with version %(version)s, %(beforeFrom)s to %(beforeTo)s.",
                  { ...days, ...before, version: page.before_version }
              )
            : _t("%(company)s, %(from)s to %(to)s. Compared with %(beforeFrom)s to %(beforeTo)s.", {
                  ...days,
                  ...before,
              });
    }

    isDepartment(id) {
        return this.state.choice.department === String(id);
    }

    number(value, digits = 1) {
        return value === null || value === undefined ? "–" : formatNumber(value, digits);
    }

    // -- what people do -----------------------------------------------------------------------------------------------

    async choose(name, value) {
        this.state.choice[name] = value;
        const { period, from, to, compare, otherFrom } = this.state.choice;
        if (name === "compare" && compare === "custom" && !otherFrom) {
            const { before_from, before_to } = this.state.page;
            Object.assign(this.state.choice, { otherFrom: before_from, otherTo: before_to });
        }
        if (name === "period" && value === "custom" && !(from && to)) {
            Object.assign(this.state.choice, { from: this.state.page.date_from, to: this.state.page.date_to });
        }
        if ([from, to, otherFrom, this.state.choice.otherTo].some((day) => day && day < FIRST_DAY)) {
            return; // a year that is being typed
        }
        if (period === "custom" && from && to && from > to) {
            this.notification.add(_t("The last day is before the first."), { type: "warning" });
            return;
        }
        await this.refresh();
        browser.localStorage.setItem(CHOICES_KEY, JSON.stringify(this.state.choice));
    }

    readChoice() {
        try {
            const read = { ...NOTHING, ...JSON.parse(browser.localStorage.getItem(CHOICES_KEY)) };
            return PERIODS.some(([name]) => name === read.period) ? read : { ...NOTHING };
        } catch {
            return { ...NOTHING }; // whatever it was, it was not written here
        }
    }

    async openRows(kpi, name = "", only = []) {
        const action = await this.orm.call("sop.kpi", "action_view_rows", [[kpi.id], ...this.arguments]);
        return this.actionService.doAction({
            ...action,
            name: name || action.name,
            domain: [...action.domain, ...only],
        });
    }

    openStage(stage) {
        return this.openRows(this.getKpi("stages_done"), stage.name, [["stage_id", "=", stage.id]]);
    }

    openCheckpoint(row, failed) {
        const only = failed ? [["failed", "=", true]] : [];
        return this.openRows(this.getKpi("check_failures"), row.name, [["checkpoint_id", "=", row.id], ...only]);
    }

    getKpi(code) {
        return this.state.page.kpis.find((kpi) => kpi.code === code);
    }

    openOwnWork() {
        return this.actionService.doAction("order_sop.sop_people_report_action");
    }

    openDetail(kpi) {
        this.dialog.add(SopKpiDetail, {
            kpi,
            arguments: this.arguments,
            openRows: () => this.openRows(kpi),
        });
    }

    async exportBook() {
        const action = await this.orm.call("sop.kpi", "action_export", [...this.arguments, this.other]);
        return this.actionService.doAction(action);
    }
}

registry.category("actions").add("order_sop.kpis", SopKpis);
