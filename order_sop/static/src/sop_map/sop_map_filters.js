import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { PERIODS } from "./sop_map_period";

/** What is drawn: process, version, days, customer, department and company. */
export class SopMapFilters extends Component {
    static template = "order_sop.SopMapFilters";
    static components = { RecordSelector };
    static props = { choices: Object, choice: Object, choose: Function };

    setup() {
        this.periods = PERIODS;
        this.words = { customer: _t("Customer"), allCustomers: _t("All customers") };
    }

    get versions() {
        const { choices, choice } = this.props;
        return choices.processes.find((one) => one.code === choice.process)?.versions;
    }

    isChosen(choice, value) {
        return choice === String(value);
    }
}
