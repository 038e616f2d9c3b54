import { registry } from "@web/core/registry";
import { check, inStage, isDone, openFromMyWork, pressOnCheck } from "./sop_tour_utils";

const CUSTOMER = "Tour Customer";

function createInvoice() {
    return [
        {
            content: "Create the invoice from the order",
            trigger: ".o_statusbar_buttons button:contains(Create Invoice)",
            run: "click",
        },
        {
            content: "As a draft",
            trigger: ".modal button[name=create_invoices]:enabled",
            run: "click",
        },
    ];
}

function confirmInvoice() {
    return [
        {
            content: "Confirm",
            trigger: ".o_statusbar_buttons button[name=action_post]:contains(Confirm)",
            run: "click",
        },
        {
            content: "It is posted",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=posted]",
        },
    ];
}

/** From 5,000 on, finance has the last word before the order may be confirmed. */
registry.category("web_tour.tours").add("order_sop_finance_approves", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Order review"),
        {
            content: "Legal's clauses are not finance's to tick",
            trigger: ".o_sop_panel:not(:has(button[name=action_pass]))",
        },
        pressOnCheck("Finance approves", "approve"),
        {
            content: "Say something",
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "edit Pays on time",
        },
        {
            content: "Approve",
            trigger: ".modal button[name=action_confirm]:contains(Approve)",
            run: "click",
        },
        isDone("Finance approves"),
    ],
});

/** Invoice and payment by Odoo's own buttons; the invoice shows the order's panel as well. */
registry.category("web_tour.tours").add("order_sop_finance_settles", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Completion & settlement"),
        ...createInvoice(),
        {
            content: "The draft shows where the order stands",
            trigger: ".o_form_view:has(.o_arrow_button_current[data-value=draft]) .o_sop_panel:contains(Payment received)",
        },
        ...confirmInvoice(),
        {
            content: "Pay",
            trigger: ".o_statusbar_buttons button[name=action_register_payment]:contains(Pay)",
            run: "click",
        },
        {
            content: "Create the payment",
            trigger: ".modal button[name=action_create_payments]:contains(Create Payment)",
            run: "click",
        },
        inStage("After-sales"),
    ],
});

/** What came back is credited. */
registry.category("web_tour.tours").add("order_sop_finance_credits_the_return", {
    steps: () => [
        inStage("After-sales"),
        {
            content: "The panel asks finance for the credit note",
            trigger: ".o_sop_to_do:contains(not credited yet)",
        },
        ...createInvoice(),
        ...confirmInvoice(),
        {
            content: "Nothing is left but the end of the after-sales window",
            trigger: `.o_sop_panel:not(:has(.o_sop_to_do ${check("No open return")})):has(${check("window over")})`,
        },
    ],
});
