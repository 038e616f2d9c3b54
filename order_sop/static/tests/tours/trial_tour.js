import { registry } from "@web/core/registry";

/** In English and in Chinese: what the same page says. */
const WORDS = {
    en: { stopped: "Stopped: 2 of these", finance: "Finance", title: "Would Be Stopped by" },
    zh: { stopped: "其中会被拦下：2 张", finance: "财务", title: "会被" },
};

const tab = (name) => `.o_notebook .nav-link[name=${name}]`;
const row = (list, text) => `.o_field_widget[name=${list}] .o_data_row:contains(${text})`;

/** The SOP's owner tries a stricter draft: whom it would stop and why, how much work it makes, who would approve. */
function tryIt(words) {
    return [
        { content: "Try the draft", trigger: "button[name=action_open_trial]", run: "click" },
        { content: "On the last orders", trigger: ".o_field_widget[name=order_count] input", run: "edit 100" },
        { content: "Run", trigger: "button[name=action_run]", run: "click" },
        { content: "What came out", trigger: `.alert:contains(${words.stopped})` },
        {
            content: "A new one, where it would stop, and why",
            trigger: `${row("order_ids", "Review")}:has(input:checked):contains(15)`,
        },
        { content: "How much work there is", trigger: tab("departments"), run: "click" },
        { content: "One more check of Finance", trigger: `${row("department_ids", words.finance)} [name=more]:contains(1)` },
        { content: "What each checkpoint finds", trigger: tab("checkpoints"), run: "click" },
        { content: "Why, with an example", trigger: `${row("checkpoint_ids", "Discounts")} [name=detail]:contains(2)` },
        { content: "Who would approve", trigger: tab("approvers"), run: "click" },
        { content: "One of Finance", trigger: `${row("approver_ids", "clerk")} [name=approval_count]:contains(1)` },
        { content: "Open the orders", trigger: "button[name=action_view_orders]", run: "click" },
        {
            content: "As many as were said",
            trigger: `body:has(.o_breadcrumb:contains(${words.title})) .o_list_view .o_data_row`,
            run() {
                const { length } = document.querySelectorAll(".o_list_view .o_data_row");
                if (length !== 2) {
                    throw new Error(`2 would be stopped and ${length} are listed`);
                }
            },
        },
        { content: "Back to the trial", trigger: ".breadcrumb-item:last-of-type a, .o_back_button", run: "click" },
        { content: "The orders once more", trigger: tab("orders"), run: "click" },
        { content: "Open one", trigger: ".o_data_row:has(input:checked) button[name=action_open_order]", run: "click" },
        { content: "The order", trigger: ".o_form_view .o_sop_panel" },
    ];
}

registry.category("web_tour.tours").add("order_sop_trial", { steps: () => tryIt(WORDS.en) });
registry.category("web_tour.tours").add("order_sop_trial_zh", { steps: () => tryIt(WORDS.zh) });
