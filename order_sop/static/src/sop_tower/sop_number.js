import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

/** A number of the control tower: a button that opens the list behind it. */
export class SopNumber extends Component {
    static template = "order_sop.SopNumber";
    static props = {
        number: Object, // {count, name, model, domain}, see the model sop.tower
        open: Function,
        class: { type: String, optional: true },
        slots: { type: Object, optional: true },
    };

    get label() {
        return _t("%(name)s: %(count)s. Open the list.", { name: this.props.number.name, count: this.count });
    }

    get count() {
        return formatInteger(this.props.number.count);
    }
}
