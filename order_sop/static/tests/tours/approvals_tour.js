import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/** While the dialog is open somebody changes one of the two orders: it is left alone, and the dialog says why. */
registry.category("web_tour.tours").add("order_sop_approvals_at_once", {
    steps: () => [
        {
            content: "Two orders wait for me",
            trigger: ".o_list_view .o_data_row:eq(1)",
        },
        {
            content: "Take both",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Approve them",
            trigger: ".o_control_panel button[name=action_open_dialog]:contains(Approve)",
            run: "click",
        },
        {
            content: "The dialog shows what they are about; somebody changes the second one",
            trigger: ".modal .o_data_row:eq(1):contains(200.00)",
            async run() {
                const name = this.anchor.querySelector(".o_data_cell[name=order_id]").textContent.trim();
                const [id] = await rpc("/web/dataset/call_kw/sale.order/search", {
                    model: "sale.order",
                    method: "search",
                    args: [[["name", "=", name]]],
                    kwargs: {},
                });
                await rpc("/web/dataset/call_kw/sale.order/write", {
                    model: "sale.order",
                    method: "write",
                    args: [[id], { client_order_ref: "Changed meanwhile" }],
                    kwargs: {},
                });
            },
        },
        {
            content: "Say something",
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "edit Known customers",
        },
        {
            content: "Approve",
            trigger: ".modal footer button[name=action_confirm]:contains(Approve)",
            run: "click",
        },
        {
            content: "One is done, the other is told with the reason",
            trigger: ".modal .alert:contains(1 could not be done)",
        },
        {
            content: "The reason",
            trigger: ".modal .o_data_row:contains(was changed while you were looking at it)",
        },
        {
            content: "Close",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "The other one waits for a colleague: whoever changed an order does not approve it",
            trigger: ".o_nocontent_help:contains(Nothing waits for your approval)",
        },
    ],
});

/** On a phone: a card, two buttons. */
registry.category("web_tour.tours").add("order_sop_approvals_by_phone", {
    steps: () => [
        {
            content: "Reject it",
            trigger: ".o_kanban_record button:contains(Reject)",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "edit Ask for a deposit first",
        },
        {
            content: "Reject",
            trigger: ".modal footer button[name=action_confirm]:contains(Reject)",
            run: "click",
        },
        {
            content: "Nothing waits any more",
            trigger: ".o_nocontent_help:contains(Nothing waits for your approval)",
        },
    ],
});
