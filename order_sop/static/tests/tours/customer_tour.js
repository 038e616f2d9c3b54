import { registry } from "@web/core/registry";

/** A customer looks where his order is, answers a question, confirms what he received, and rates it. */
registry.category("web_tour.tours").add("order_sop_customer", {
    steps: () => [
        {
            content: "His orders",
            trigger: ".o_portal_my_doc_table a:contains(S)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "He sees where his order is",
            trigger: ".o_sop_step.o_sop_now:contains(On its way)",
        },
        {
            content: "He has something to add",
            trigger: "[name=sop_question] textarea[name=note]",
            run: "edit Please call before the rest comes",
        },
        {
            content: "He agrees",
            trigger: "[name=sop_question] button[value=agreed]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "He is thanked, and asked no more",
            trigger: "#quote_content:has(#sop_notice:contains(Thank you for your answer)):not(:has([name=sop_question]))",
        },
        {
            content: "His order comes in parts",
            trigger: "#sop_tracker:contains(Your order comes in 3 parts)",
        },
        {
            content: "He says who received the first",
            trigger: "[name=sop_receipt] input[name=name]",
            run: "edit Ms Buyer",
        },
        {
            content: "He has received it",
            trigger: "[name=sop_receipt] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is noted",
            trigger: "[name=sop_received]:contains(Received by Ms Buyer)",
        },
    ],
});

registry.category("web_tour.tours").add("order_sop_customer_rates", {
    steps: () => [
        {
            content: "All of it is there",
            trigger: ".o_sop_step.o_sop_done:contains(Delivered)",
        },
        {
            content: "He is content",
            trigger: "#sop_rating a:has(img[alt=Happy])",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "He says why",
            trigger: "textarea[name=feedback]",
            run: "edit Fast and complete",
        },
        {
            content: "He sends it",
            trigger: ".o_rating_page_submit button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "He is thanked",
            trigger: ".o_rating_page_thank_you",
        },
    ],
});
