import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import tourUtils from "@sale/js/tours/tour_utils";
import { choose, inStage, openFromMyWork, picture, readRefusal, save } from "./sop_tour_utils";

const CUSTOMER = "Tour Customer";

/** The order is taken; a phone number is missing, and nobody can go on before it is there. */
registry.category("web_tour.tours").add("order_sop_customer_service_takes_the_order", {
    steps: () => [
        ...tourUtils.createNewSalesOrder(),
        ...choose("partner_id", CUSTOMER),
        ...tourUtils.addProduct("Chair"),
        {
            content: "60 pieces",
            trigger: ".o_selected_row .o_field_widget[name=product_uom_qty] input",
            run: "edit 60",
        },
        ...tourUtils.clickSomewhereElse(),
        ...save(),
        inStage("Order receipt"),
        {
            content: "The panel says what is missing and who can mend it",
            trigger: ".o_sop_check[data-state=failed]:contains(Customer data):contains(Phone):contains(Customer Service)",
        },
        {
            content: "Try to confirm all the same",
            trigger: ".o_statusbar_buttons button[name=action_confirm]:contains(Confirm)",
            run: "click",
        },
        ...readRefusal("Phone"),
        {
            content: "Back to the list",
            trigger: ".o_breadcrumb .o_back_button a:contains(Quotations)",
            run: "click",
        },
        {
            content: "Take the order up again",
            trigger: `.o_list_view .o_data_row:contains(${CUSTOMER}) .o_data_cell[name=name]`,
            run: "click",
        },
        {
            content: "Open the contact: the link shows under a real pointer only",
            trigger: ".o_field_widget[name=partner_id]:has(.o_external_button)",
            run: "click .o_field_widget[name=partner_id] .o_external_button",
        },
        {
            content: "Enter the phone number",
            trigger: ".o_form_view .o_field_widget[name=phone] input",
            run: "edit +32 2 123 45 67",
        },
        {
            content: "Enter the e-mail address",
            trigger: ".o_form_view .o_field_widget[name=email] input",
            run: "edit buyer@example.com",
        },
        ...save(),
        {
            content: "Back to the order",
            trigger: ".breadcrumb .o_back_button a, .o_breadcrumb .o_back_button",
            run: "click",
        },
        inStage("Order review"),
        {
            content: "Attach the contract",
            trigger: ".o-mail-Chatter-attachFiles",
            async run() {
                await inputFiles(".o-mail-Chatter .o_input_file", [picture("contract.png")]);
            },
        },
        {
            content: "The contract is there",
            trigger: ".o-mail-Chatter-attachFiles:contains(1)",
        },
    ],
});

/** What was sent back is mended, and completed by hand. */
registry.category("web_tour.tours").add("order_sop_customer_service_mends_it", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Order receipt"),
        {
            content: "Read why it came back",
            trigger: ".o_sop_panel:contains(Sent back):contains(order number is missing)",
        },
        {
            content: "Other information of the order",
            trigger: ".nav-link[name=other_information]",
            run: "click",
        },
        {
            content: "The customer's order number",
            trigger: ".o_field_widget[name=client_order_ref] input",
            run: "edit PO-4711",
        },
        {
            content: "Complete the stage: what was typed is saved with it",
            trigger: ".o_sop_panel button[name=action_sop_complete]",
            run: "click",
        },
        inStage("Order review"),
    ],
});

/** Nobody has told the customer yet that his goods are under way: a message does. */
registry.category("web_tour.tours").add("order_sop_customer_service_informs_the_customer", {
    steps: () => [
        ...openFromMyWork(CUSTOMER),
        inStage("Logistics"),
        {
            content: "The panel says who has not been told",
            trigger: ".o_sop_to_do .o_sop_check:contains(Customer informed):contains(Customer Service)",
        },
        {
            content: "Write to the customer",
            trigger: ".o-mail-Chatter-sendMessage:enabled",
            run: "click",
        },
        {
            content: "He is among the recipients",
            trigger: `.o-mail-Chatter:contains(To) .o-mail-RecipientsInput:contains(${CUSTOMER})`,
        },
        {
            content: "Tell him",
            trigger: ".o-mail-Chatter .o-mail-Composer-input",
            run: "edit Your chairs are under way",
        },
        {
            content: "Send",
            trigger: ".o-mail-Chatter .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "The message is in the order's history, and the order moves on by itself",
            trigger: ".o-mail-Message:contains(Your chairs are under way)",
        },
        inStage("Completion & settlement"),
    ],
});
