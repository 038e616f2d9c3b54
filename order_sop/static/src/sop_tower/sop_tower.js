import { Component, onWillStart, onWillUnmount, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { SopNumber } from "./sop_number";

const REFRESH_SECONDS = 30;
const CHOICES_KEY = "order_sop.tower";
const MINE = "mine";
const TILE_CLASSES = {
    late: "text-danger",
    will_be_late: "text-danger",
    at_risk: "text-warning-emphasis",
    blocked: "text-danger",
    on_hold: "text-warning-emphasis",
    alerts: "text-danger",
};

/**
 * How all open orders stand, for a screen that stays open: it refreshes itself while somebody can see it. Every number
 * opens the list that it counts. The numbers come from the model sop.tower.
 */
export class SopTower extends Component {
    static template = "order_sop.SopTower";
    static components = { SopNumber };
    static props = { ...standardActionServiceProps };
    static path = "sop-tower";
    static displayName = _t("Control Tower");

    setup() {
        this.orm = useService("orm");
        this.actionService = useService("action");
        this.root = useRef("root");
        const kept = this.props.state || {};
        this.state = useState({
            choice: kept.choice || this.readChoice(),
            numbers: kept.numbers || null,
            failed: false,
        });
        this.open = this.open.bind(this);
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({ choice: { ...this.state.choice }, numbers: this.state.numbers }),
        });
        onWillStart(() => this.refresh());
        this.interval = browser.setInterval(() => this.refreshIfSeen(), REFRESH_SECONDS * 1000);
        useExternalListener(document, "visibilitychange", () => this.refreshIfSeen());
        onWillUnmount(() => {
            this.gone = true;
            browser.clearInterval(this.interval);
        });
    }

    // -- reading ------------------------------------------------------------------------------------------------------

    refreshIfSeen() {
        if (document.visibilityState === "visible") {
            return this.refresh();
        }
    }

    /** Read the numbers; those shown stay until the new ones are there, and when they cannot be read. */
    async refresh() {
        const asked = (this.asked = (this.asked || 0) + 1);
        try {
            const numbers = await this.orm.silent.call("sop.tower", "get_numbers", [], this.arguments);
            if (asked === this.asked && !this.gone) {
                Object.assign(this.state, { numbers, failed: false });
            }
        } catch {
            if (asked === this.asked && !this.gone) {
                this.state.failed = true;
            }
        }
    }

    get arguments() {
        const { process, department, company } = this.state.choice;
        return {
            process_code: process || null,
            department_id: department && department !== MINE ? Number(department) : null,
            mine: department === MINE,
            company_id: user.activeCompanies.some((each) => String(each.id) === company) ? Number(company) : null,
        };
    }

    // -- what is shown ------------------------------------------------------------------------------------------------

    get isEmpty() {
        const { tiles, alerts } = this.state.numbers;
        return !tiles.some((tile) => tile.count) && !alerts.some((row) => row.open.count || row.acknowledged.count);
    }

    get isChosen() {
        return Object.values(this.state.choice).some(Boolean);
    }

    get hasMine() {
        return this.state.numbers.choices.departments.some((each) => each.mine);
    }

    isChoice(name, value) {
        return this.state.choice[name] === String(value);
    }

    get refreshedAt() {
        const now = deserializeDateTime(this.state.numbers.now);
        return formatDateTime(now, { format: now.hasSame(luxon.DateTime.now(), "day") ? "HH:mm:ss" : undefined });
    }

    tileClass(tile) {
        return tile.count ? TILE_CLASSES[tile.key] || "" : "text-muted";
    }

    // -- what people do -----------------------------------------------------------------------------------------------

    async choose(name, value) {
        this.state.choice[name] = value;
        browser.localStorage.setItem(CHOICES_KEY, JSON.stringify(this.state.choice));
        await this.refresh();
    }

    async showAll() {
        Object.assign(this.state.choice, { process: "", department: "", company: "" });
        await this.choose("process", "");
    }

    readChoice() {
        const choice = { process: "", department: "", company: "" };
        try {
            return { ...choice, ...JSON.parse(browser.localStorage.getItem(CHOICES_KEY)) };
        } catch {
            return choice; // whatever it was, it was not written here
        }
    }

    open(number) {
        return this.actionService.doAction({
            ...this.state.numbers.actions[number.model],
            name: number.name,
            domain: number.domain,
        });
    }

    toggleFullscreen() {
        if (document.fullscreenElement) {
            return document.exitFullscreen();
        }
        return this.root.el.requestFullscreen();
    }
}

registry.category("actions").add("order_sop.tower", SopTower);
