import { Component, onMounted, onPatched, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { savePng, saveSvg } from "./sop_map_image";
import { BOX, END_RADIUS, layoutMap } from "./sop_map_layout";
import { daysOf, PERIODS } from "./sop_map_period";

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
const RARE = 0.01;
const NARROWEST = 0.75; // what can still be read on a phone

/**
 * A process drawn from what really happened: stages as boxes, the ways between them as arrows, beside them the variants
 * and the bottlenecks. Every number opens the rows that it counts. They come from the model sop.process.map.
 */
export class SopMap extends Component {
    static template = "order_sop.SopMap";
    static components = { RecordSelector };
    static props = { ...standardActionServiceProps };
    static path = "sop-map";
    static displayName = _t("Process Map");

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.nameService = useService("name");
        this.root = useRef("root");
        this.canvas = useRef("canvas");
        this.svg = useRef("svg");
        this.periods = PERIODS;
        this.words = { customer: _t("Customer"), allCustomers: _t("All customers") };
        this.size = { ...BOX, end: END_RADIUS };
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
            getLocalState: () => ({ ...this.state, choice: { ...this.state.choice } }),
        });
        onWillStart(async () => {
            if (!this.state.choices) {
                await this.readChoices();
            }
            if (!this.state.map) {
                await this.refresh();
            }
        });
        onMounted(() => this.fit());
        onPatched(() => this.fit());
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
        if (!user.activeCompanies.some((each) => String(each.id) === choice.company)) {
            choice.company = "";
        }
    }

    /** Read the map, and after it what stands beside it; what is slower does not hold up what is there. */
    async refresh() {
        const asked = (this.asked = (this.asked || 0) + 1);
        if (!this.state.choice.process || !this.hasDays) {
            return;
        }
        const read = async (method, name) => {
            const answer = await this.orm.call("sop.process.map", method, this.arguments);
            if (asked === this.asked && !this.gone) {
                this.state[name] = answer;
            }
        };
        Object.assign(this.state, { variants: null, bottlenecks: null, marked: null, failed: "" });
        const beside = Promise.all([read("get_variants", "variants"), read("get_bottlenecks", "bottlenecks")]);
        beside.catch(() => {}); // told below, by the first that fails
        try {
            await Promise.all([read("get_map", "map"), this.readCustomer()]);
        } catch (error) {
            this.fail(asked, error);
            return;
        }
        beside.catch((error) => this.fail(asked, error));
    }

    /** Read what the chosen customer is called. */
    async readCustomer() {
        const { partner } = this.state.choice;
        const names = partner ? await this.nameService.loadDisplayNames("res.partner", [partner]) : {};
        this.state.customer = typeof names[partner] === "string" ? names[partner] : "";
    }

    fail(asked, error) {
        if (asked === this.asked && !this.gone) {
            this.state.failed = error.data?.message || _t("The map could not be read. Try again.");
        }
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

    isChosen(choice, value) {
        return choice === String(value);
    }

    get isEmpty() {
        return !this.state.map.visits && !this.state.map.boxes.some((box) => box.now.count);
    }

    /** The arrows that are drawn: rare ones make a map unreadable, and are in the table. */
    get arrows() {
        const arrows = this.state.map.arrows;
        const most = Math.max(0, ...arrows.map((arrow) => arrow.count));
        const marked = this.marked.arrows;
        return this.state.choice.all
            ? arrows
            : arrows.filter((arrow) => arrow.count >= most * RARE || marked.has(arrow.key));
    }

    get layout() {
        return layoutMap(this.state.map.boxes, this.arrows);
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

    get caption() {
        return this.captionLines.join(" · ");
    }

    /** Where the middle of a line of the caption is: above the boxes, if there is room for all of it. */
    captionPlace(line, drawn) {
        return this.cut(line, drawn.centredWidth, 13) === line ? drawn.centre : drawn.width / 2;
    }

    get legend() {
        return [
            ["next", _t("To the next stage")],
            ["skip", _t("Over a stage")],
            ["back", _t("Back, or again")],
        ];
    }

    /** What is emphasised: the boxes and arrows of one variant, or one box. */
    get marked() {
        const marked = this.state.marked;
        const boxes = marked ? marked.boxes : [];
        const arrows = boxes.slice(1).map((key, index) => `${boxes[index]}>${key}`);
        return { on: Boolean(marked), boxes: new Set(boxes), arrows: new Set(arrows), first: boxes[0], last: boxes.at(-1) };
    }

    boxClass(box) {
        const marked = this.marked;
        const faded = marked.on ? !marked.boxes.has(box.key) : box.dimmed;
        return `${faded ? "o_sop_map_faded" : ""} ${box.current ? "" : "o_sop_map_former"}`;
    }

    arrowClass(arrow) {
        const marked = this.marked;
        return `o_sop_map_${arrow.kind} ${marked.on && !marked.arrows.has(arrow.key) ? "o_sop_map_faded" : ""}`;
    }

    stubClass(box, isStart) {
        const marked = this.marked;
        const faded = marked.on && box.key !== (isStart ? marked.first : marked.last);
        return faded ? "o_sop_map_faded" : "";
    }

    integer(value) {
        return formatInteger(value);
    }

    /** A number that has to fit beside an arrow. */
    short(value) {
        return value < 10000 ? formatInteger(value) : formatInteger(value, { humanReadable: true, decimals: 1 });
    }

    percent(share) {
        return _t("%s %", formatFloat(100 * share, { digits: [16, share && share < 0.1 ? 1 : 0] }));
    }

    duration(hours) {
        if (hours === null || hours === undefined) {
            return "–";
        }
        if (hours < 1) {
            return _t("%s min", formatInteger(Math.round(hours * 60)));
        }
        if (hours < 48) {
            return _t("%s h", formatFloat(hours, { digits: [16, 1] }));
        }
        return _t("%s d", formatFloat(hours / 24, { digits: [16, 1] }));
    }

    nowLabel(box) {
        return _t("%s now", this.short(box.now.count));
    }

    get variantsText() {
        const { total, kinds, variants } = this.state.variants;
        const counts = { total: this.integer(total), kinds: this.integer(kinds), shown: variants.length };
        return kinds > variants.length
            ? _t("%(total)s in %(kinds)s different ways, of which the %(shown)s most frequent. “…”: still on the way.", counts)
            : _t("%(total)s in %(kinds)s different ways. “…”: still on the way.", counts);
    }

    get formerLabel() {
        return _t("in earlier versions");
    }

    lateShare(box) {
        return box.limited ? box.late / box.limited : 0;
    }

    facts(box) {
        const parts = [_t("%s visits", this.integer(box.count)), this.duration(box.hours)];
        if (box.limited) {
            parts.push(_t("%s late", this.percent(this.lateShare(box))));
        }
        return parts.join(" · ");
    }

    boxLabel(box) {
        return _t(
            "%(name)s, %(department)s: %(visits)s visits, %(hours)s of working time in the median, %(late)s of %(limited)s with a time limit late. Open the list.",
            {
                name: box.name,
                department: box.department,
                visits: this.integer(box.count),
                hours: this.duration(box.hours),
                late: this.integer(box.late),
                limited: this.integer(box.limited),
            }
        );
    }

    arrowLabel(arrow) {
        return _t("%(name)s (%(kind)s): %(count)s times, %(hours)s on average. Open the list.", {
            name: arrow.name,
            kind: this.kindLabel(arrow.kind),
            count: this.integer(arrow.count),
            hours: this.duration(arrow.hours),
        });
    }

    kindLabel(kind) {
        return this.legend.find(([key]) => key === kind)[1];
    }

    numberLabel(number) {
        return _t("%(name)s: %(count)s. Open the list.", { name: number.name, count: this.integer(number.count) });
    }

    /** Cut a text to about `width` pixels: SVG has no ellipsis of its own. */
    cut(text, width, size) {
        let room = width / size;
        for (let index = 0; index < text.length; index++) {
            room -= text.charCodeAt(index) > 0x2e7f ? 1 : 0.56;
            if (room < 0) {
                return `${text.slice(0, Math.max(index - 1, 1))}…`;
            }
        }
        return text;
    }

    // -- what people do -----------------------------------------------------------------------------------------------

    async choose(values) {
        const choice = Object.assign(this.state.choice, values);
        if (choice.period === "custom" && !choice.from) {
            const [from, to] = daysOf("month", this.state.choices.today);
            Object.assign(choice, { from, to });
        }
        browser.localStorage.setItem(CHOICES_KEY, JSON.stringify({ ...choice, partner: false }));
        this.centred = false;
        await this.refresh();
    }

    readChoice() {
        try {
            return { ...NOTHING, ...JSON.parse(browser.localStorage.getItem(CHOICES_KEY)) };
        } catch {
            return { ...NOTHING }; // whatever it was, it was not written here
        }
    }

    showAll(ev) {
        this.state.choice.all = ev.target.checked;
        this.centred = false;
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

    openByKey(ev, number) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            return this.open(number);
        }
    }

    /** Make the map as wide as there is room, as far as it can be read, and bring its middle into sight once. */
    fit() {
        const canvas = this.canvas.el;
        if (!canvas) {
            return;
        }
        const layout = this.layout;
        const fitting = Math.min(1, Math.max(NARROWEST, (canvas.clientWidth - 2) / layout.width));
        const zoom = this.state.zoom || fitting;
        this.svg.el.style.width = `${layout.width * zoom}px`;
        if (!this.centred) {
            canvas.scrollLeft = layout.centre * zoom - canvas.clientWidth / 2;
            this.centred = true;
        }
    }

    zoom(factor) {
        const shown = this.svg.el.getBoundingClientRect().width / this.layout.width;
        this.state.zoom = factor ? Math.min(3, Math.max(0.3, shown * factor)) : null;
        this.centred = false;
    }

    get fileName() {
        return ["process-map", this.state.choice.process, ...this.days].join("-");
    }

    saveSvg() {
        saveSvg(this.svg.el, this.fileName);
    }

    savePng() {
        return savePng(this.svg.el, this.fileName);
    }

    print() {
        window.print();
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
