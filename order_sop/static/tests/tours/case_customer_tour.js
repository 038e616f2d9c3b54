import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";
import { picture } from "./sop_tour_utils";

/** A customer sends back two of his chairs, with a photo, and adds something later. */
registry.category("web_tour.tours").add("order_sop_customer_opens_a_case", {
    steps: () => [
        {
            content: "On the page of his order",
            trigger: "#sop_open_case:contains(Return or complain)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "He wants to send something back",
            trigger: "#sop_case_form label[for=sop_kind_return]",
            run: "click",
        },
        {
            content: "Two chairs",
            trigger: "#sop_goods input[type=number]",
            run: "edit 2",
        },
        {
            content: "They do not work",
            trigger: "#sop_goods select",
            run: "selectByLabel Does not work",
        },
        {
            content: "In a few words",
            trigger: "#sop_subject",
            run: "edit Broken legs",
        },
        {
            content: "He wants his money back",
            trigger: "#sop_wish",
            run: "selectByLabel Money Back",
        },
        {
            content: "What happened",
            trigger: "#sop_description",
            run: "edit Both broke on the first day",
        },
        {
            content: "A photo",
            trigger: "#sop_case_form input[type=file]",
            async run() {
                await inputFiles("#sop_case_form input[type=file]", [picture("leg.png")]);
            },
        },
        {
            content: "Send it",
            trigger: "button[name=sop_open]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is there, with all that he said",
            trigger:
                "#sop_case:has(#sop_notice:contains(We have your case)):has(#sop_case_lines:contains(2 Units)):has([name=sop_photo])",
        },
        {
            content: "He adds something",
            trigger: "#sop_text",
            run: "edit Please call me before noon",
        },
        {
            content: "Send",
            trigger: "button[name=sop_send]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is in the conversation",
            trigger: "#sop_case:has(#sop_notice:contains(was sent)) [name=sop_message]:contains(before noon)",
        },
        {
            content: "The return slip is at hand",
            trigger: "#sop_slip:contains(Print return slip)",
        },
    ],
});

/** The house has answered: it is solved. */
registry.category("web_tour.tours").add("order_sop_customer_says_it_is_solved", {
    steps: () => [
        {
            content: "His cases",
            trigger: "[name=sop_case_row]:contains(Broken legs) a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "He reads the answer",
            trigger: "[name=sop_message]:contains(The money is on its way)",
        },
        {
            content: "It is solved",
            trigger: "button[name=sop_agree]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "That is noted, and he may rate",
            trigger: "#sop_case:has(#sop_agreed) #sop_rating a:has(img[alt=Happy])",
            run: "click",
            expectUnloadPage: true,
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
