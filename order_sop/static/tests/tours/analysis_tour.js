import { registry } from "@web/core/registry";

/** In English and in Chinese: what the same pages say. */
const WORDS = {
    en: { customer: "Customer", stages: "Stages Analysis", approvals: "Approvals Analysis", left: "Stages Left", visits: "Visits" },
    zh: { customer: "客户", stages: "阶段分析", approvals: "审批分析", left: "离开的阶段", visits: "阶段记录" },
};
const CUSTOMER = "Business Customer";
const line = `.o_pivot tbody tr:has(th:contains(${CUSTOMER}))`;
const rows = ".o_list_view .o_data_row";
let expected = 0;

function openReport(menu, title) {
    return [
        { content: "All reports", trigger: "[data-menu-xmlid='order_sop.order_sop_menu_reporting']", run: "click" },
        { content: title, trigger: `[data-menu-xmlid='order_sop.${menu}']`, run: "click" },
        { content: "The pivot", trigger: `body:has(.o_breadcrumb:contains(${title})) .o_pivot tbody tr` },
    ];
}

/** Group by customer, and open the list behind the customer's first figure: as many rows as it says. */
function followTheCustomer(words) {
    return [
        { content: "Group", trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { content: "By customer", trigger: `.o_group_by_menu .o_menu_item:contains(/^${words.customer}$/)`, run: "click" },
        { content: "By nothing else", trigger: `.o_searchview_facet:contains(${words.customer})` },
        {
            content: "What was counted of the customer",
            trigger: `${line} .o_pivot_cell_value:first`,
            async run(helpers) {
                expected = Number(this.anchor.textContent.replace(/\D/g, ""));
                await helpers.click();
            },
        },
        {
            content: "As many rows",
            trigger: rows,
            run() {
                const { length } = document.querySelectorAll(rows);
                if (!expected || length !== expected) {
                    throw new Error(`${expected} was counted and ${length} are listed`);
                }
            },
        },
    ];
}

/** A manager asks whose orders take long: a customer's stages, one of them, the visit; then the customer's approvals. */
function analyse(words) {
    return [
        ...openReport("sop_stage_report_menu", words.stages),
        { content: "In the reader's language", trigger: `.o_pivot_measure_row:contains(${words.left})` },
        ...followTheCustomer(words),
        { content: "One of them", trigger: `${rows}:contains(Pack) .o_data_cell[name=stage_id]`, run: "click" },
        {
            content: "The visit, of an order of the customer",
            trigger: `body:has(.o_breadcrumb:contains(${words.visits})) ${rows}:contains(Pack):only-of-type .o_data_cell[name=order_id]`,
            run: "click",
        },
        { content: "By itself", trigger: `.o_form_view [name=stage_id]:contains(Pack)` },
        ...openReport("sop_approval_report_menu", words.approvals),
        ...followTheCustomer(words),
        { content: "One of them", trigger: `${rows} .o_data_cell[name=checkpoint_id]:contains(Approve it)`, run: "click" },
        { content: "The approval, and who gave it", trigger: ".o_form_view .o_field_widget[name=decision_ids]:contains(clerk)" },
    ];
}

registry.category("web_tour.tours").add("order_sop_analysis", { steps: () => analyse(WORDS.en) });
registry.category("web_tour.tours").add("order_sop_analysis_zh", { steps: () => analyse(WORDS.zh) });
