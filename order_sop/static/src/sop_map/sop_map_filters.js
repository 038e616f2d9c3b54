import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { PERIODS } from "./sop_map_period";

/** What is drawn: process, version, days, customer, department and company. */
export class SopMapFilters extends Component {
    static template = "order_sop.SopMapFilters";
    static components = { RecordSelector };
    static props = {
        choices: Object,
        versions: { type: Array, optional: true }, // those of the chosen process
        choice: Object,
        choose: Function,
    };

    setup() {
        this.periods = PERIODS;
        this.words = { customer: _t("Customer"), allCustomers: _t("All customers") };
    }

    isChosen(choice, value) {
        return choice === String(value);
    }
}
