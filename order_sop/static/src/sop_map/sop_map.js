import { Component, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { SopMapDrawing } from "./sop_map_drawing";
import { SopMapFilters } from "./sop_map_filters";
import { daysOf, PERIODS } from "./sop_map_period";
import * as words from "./sop_map_words";

const CHOICES_KEY = "order_sop.map";
const NOTHING = {
    process: "",
    version: "",
    period: "months_12",
    from: "",
    to: "",
    department: "",
    company: "",
    partner: false,
    all: false,
};

/**
 * A process drawn from what really happened: stages as boxes, the ways between them as arrows, beside them the variants
 * and the bottlenecks. Every number opens the rows that it counts. They come from the model sop.process.map.
 */
export class SopMap extends Component {
    static template = "order_sop.SopMap";
    static components = { SopMapDrawing, SopMapFilters };
    static props = { ...standardActionServiceProps };
    static path = "sop-map";
    static displayName = _t("Process Map");

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.nameService = useService("name");
        this.root = useRef("root");
        this.words = words;
        const kept = this.props.state || {};
        this.state = useState({
            choice: kept.choice || this.readChoice(),
            choices: kept.choices || null,
            map: kept.map || null,
            variants: kept.variants || null,
            bottlenecks: kept.bottlenecks || null,
            marked: kept.marked || null,
            customer: kept.customer || "",
            zoom: kept.zoom || null,
            failed: "",
        });
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => this.localState,
        });
        onWillStart(async () => {
            if (!this.state.choices) {
                await this.readChoices();
            }
            if (!this.state.map) {
                await this.refresh();
            }
        });
        onWillUnmount(() => (this.gone = true));
    }

    // -- reading ------------------------------------------------------------------------------------------------------

    async readChoices() {
        const choices = await this.orm.call("sop.process.map", "get_choices", []);
        this.state.choices = choices;
        const choice = this.state.choice;
        const asked = this.props.action.context?.sop_process_code;
        if (asked) {
            Object.assign(choice, { process: asked, version: "" });
        }
        if (!choices.processes.some((one) => one.code === choice.process)) {
            Object.assign(choice, { process: choices.processes[0]?.code || "", version: "" });
        }
        const { versions } = this.process || { versions: [] };
        if (!versions.some((one) => String(one) === choice.version)) {
            choice.version = "";
        }
        if (!choices.departments.some((one) => String(one.id) === choice.department)) {
            choice.department = "";
        }
        if (!PERIODS.some(([name]) => name === choice.period)) {
            choice.period = NOTHING.period;
        }
        if (!user.activeCompanies.some((each) => String(each.id) === choice.company)) {
            choice.company = "";
        }
    }

    /** Read the map, and after it what stands beside it; what is slower does not hold up what is there. */
    async refresh() {
        const asked = (this.asked = (this.asked || 0) + 1);
        Object.assign(this.state, { variants: null, bottlenecks: null, marked: null, failed: "" });
        if (!this.state.choice.process || !this.hasDays) {
            this.state.map = null; // it would stand under days that are not its own
            return;
        }
        const read = async (method, name) => {
            const answer = await this.orm.call("sop.process.map", method, this.arguments);
            if (asked === this.asked && !this.gone) {
                this.state[name] = answer;
            }
        };
        this.reading = true;
        const beside = Promise.all([read("get_variants", "variants"), read("get_bottlenecks", "bottlenecks")]);
        beside.catch(() => {}); // told below, by the first that fails
        try {
            await Promise.all([read("get_map", "map"), this.readCustomer(asked)]);
        } catch (error) {
            this.fail(asked, error, { map: null });
            return;
        }
        if (asked === this.asked) {
            this.reading = false;
        }
        beside.catch((error) => this.fail(asked, error));
    }

    /** Read what the chosen customer is called. */
    async readCustomer(asked) {
        const { partner } = this.state.choice;
        const names = partner ? await this.nameService.loadDisplayNames("res.partner", [partner]) : {};
        if (asked === this.asked) {
            this.state.customer = typeof names[partner] === "string" ? names[partner] : "";
        }
    }

    fail(asked, error, gone = {}) {
        if (asked === this.asked && !this.gone) {
            const failed = error.data?.message || _t("The map could not be read. Try again.");
            Object.assign(this.state, gone, { failed });
        }
    }

    /** What whoever comes back finds again; what has not been read whole is read anew then. */
    get localState() {
        const whole = !this.reading && this.state.variants && this.state.bottlenecks;
        return { ...this.state, choice: this.choice, ...(whole ? {} : { map: null }) };
    }

    get days() {
        const { period, from, to } = this.state.choice;
        return period === "custom" ? [from, to] : daysOf(period, this.state.choices.today);
    }

    get hasDays() {
        const [from, to] = this.days;
        return Boolean(from && to && from <= to);
    }

    get arguments() {
        const { process, version, department, company, partner } = this.state.choice;
        const filters = {
            process,
            version: Number(version) || null,
            department_id: Number(department) || null,
            company_id: Number(company) || null,
            partner_id: partner || null,
        };
        return [...this.days, filters];
    }

    // -- what is shown ------------------------------------------------------------------------------------------------

    get process() {
        return this.state.choices.processes.find((one) => one.code === this.state.choice.process);
    }

    /** What is chosen, as an object of its own each time: so the filters see that it has changed. */
    get choice() {
        return { ...this.state.choice };
    }

    /** What is drawn, in one line or two: it stands on prints and pictures, too. */
    get captionLines() {
        const { choice, choices, map, customer } = this.state;
        const named = (list, id) => list.find((one) => String(one.id) === id)?.name;
        const process = choice.version
            ? _t("%(process)s v%(version)s", { process: map.process, version: choice.version })
            : map.process;
        const whose = [customer, named(choices.departments, choice.department), named(choices.companies, choice.company)];
        return [
            [process, this.days.join(" – ")].join(" · "),
            whose.filter(Boolean).join(" · "),
        ].filter(Boolean);
    }

    // -- what people do -----------------------------------------------------------------------------------------------

    async choose(values) {
        const choice = Object.assign(this.state.choice, values);
        if (choice.period === "custom" && !choice.from) {
            const [from, to] = daysOf("month", this.state.choices.today);
            Object.assign(choice, { from, to });
        }
        browser.localStorage.setItem(CHOICES_KEY, JSON.stringify({ ...choice, partner: false }));
        await this.refresh();
    }

    readChoice() {
        try {
            return { ...NOTHING, ...JSON.parse(browser.localStorage.getItem(CHOICES_KEY)) };
        } catch {
            return { ...NOTHING }; // whatever it was, it was not written here
        }
    }

    /** Change how the map is drawn: with rare ways or without, larger or smaller. */
    change({ all = this.state.choice.all, zoom = this.state.zoom }) {
        this.state.choice.all = all;
        this.state.zoom = zoom;
    }

    mark(key, boxes) {
        this.state.marked = this.state.marked?.key === key ? null : { key, boxes };
    }

    open(number) {
        const isVisits = number.model === "sop.visit";
        return this.actionService.doAction({
            type: "ir.actions.act_window",
            name: number.name,
            res_model: number.model,
            views: isVisits
                ? [
                      [false, "list"],
                      [false, "form"],
                  ]
                : [
                      [false, "list"],
                      [false, "kanban"],
                      [false, "form"],
                  ],
            domain: number.domain,
            context: { create: false },
        });
    }

    get fileName() {
        return ["process-map", this.state.choice.process, ...this.days].join("-");
    }

    /** Ask for the event log of what the map shows. */
    async exportLog() {
        const [from, to, { process, version, company_id, partner_id, department_id }] = this.arguments;
        const domain = [
            ["code", "=", process],
            ["state", "!=", "draft"],
            ...(company_id ? [["company_id", "in", [company_id, false]]] : []),
            ...(version ? [["version", "=", version]] : []),
        ];
        const [id] = await this.orm.search("sop.process", domain, { limit: 1, order: "version desc" });
        return this.actionService.doAction("order_sop.sop_event_export_action", {
            additionalContext: {
                default_process_id: id,
                default_all_versions: !version,
                default_date_from: from,
                default_date_to: to,
                default_company_id: company_id || false,
                default_partner_id: partner_id || false,
                default_department_id: department_id || false,
            },
        });
    }
}

registry.category("actions").add("order_sop.map", SopMap);
