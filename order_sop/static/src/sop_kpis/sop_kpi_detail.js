import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { formatValue, targetText } from "./kpi_format";

/** What one KPI says, how it is computed, what it is to be, and how it went month by month. */
export class SopKpiDetail extends Component {
    static template = "order_sop.SopKpiDetail";
    static components = { Dialog };
    static props = { kpi: Object, arguments: Array, openRows: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ months: [] });
        this.trend = useRef("trend");
        onMounted(() => {
            this.trend.el.scrollLeft = this.trend.el.scrollWidth; // the last months, on a phone too
        });
        onWillStart(async () => {
            const [, last, filters] = this.props.arguments;
            const months = await this.orm.call("sop.kpi", "get_trend", [[this.props.kpi.id], last, filters]);
            const highest = Math.max(...months.map((each) => each.value || 0), 0);
            this.state.months = months.map((each) => ({
                ...each,
                name: deserializeDate(each.month).toLocaleString({ month: "short", year: "2-digit" }),
                text: formatValue(this.props.kpi, each.value),
                height: highest && each.value !== null ? Math.max((100 * each.value) / highest, 1) : 0,
            }));
        });
    }

    format(value) {
        return formatValue(this.props.kpi, value);
    }

    get targetText() {
        return targetText(this.props.kpi);
    }

    async openRows() {
        this.props.close();
        await this.props.openRows();
    }
}
