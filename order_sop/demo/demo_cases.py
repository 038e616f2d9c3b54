from odoo import api, models


class SopDemoCases(models.AbstractModel):
    """What customers of the demo's orders come back with: cases in each stage, and what can go wrong with them."""

    _inherit = "sop.demo"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _tell_of_cases(self, s):
        """Make the demo's cases, by the steps ``s``."""
        self._tell_of_cases_that_are_over(s)
        self._tell_of_cases_with_goods_on_their_way(s)
        self._tell_of_cases_being_solved(s)
        self._tell_of_new_cases(s)

    @api.model
    def _tell_of_cases_that_are_over(self, s):
        """Two closed and rated, one refused, and a complaint that has led to something."""
        order = s.ref("b2b_done")
        case = s.open_case(
            "returned",
            240,
            order,
            "return",
            "Two chairs arrived with broken arms",
            wish="refund",
            line={"product": "chair", "qty": 2, "reason": "damaged", "solution": "refund"},
        )
        s.answer(case, "We are sorry. Please print the return slip and hand both chairs to our carrier.")
        s.assess(case)
        s.expect(case)
        s.receive(case)
        s.inspect(case, "One has a scratch only; the other cannot be sold.", restock_qty=1, scrap_qty=1)
        s.solve(case)
        s.credit(case, pay=True)
        s.agree(case, 5, "Two clicks and a box at the door. Thank you!")
        case = s.open_case(
            "complaint",
            200,
            order,
            "complaint",
            "Desk tops are scratched, all at the same corner",
            wish="answer",
            goods_back=False,
            description="We keep them, but three of twenty desks have the same scratch.",
            line={"product": "desk", "qty": 3, "reason": "damaged", "solution": "goodwill", "agreed_amount": 90},
        )
        s.answer(case, "Thank you for the photos. We credit 30 for each, and look at how we pack them.", hours=2)
        s.assess(case)
        s.solve(case)
        s.credit(case)
        s.act(case, "Pack desk tops with edge protectors", "warehouse", 10, done=7, helped="yes")
        s.act(case, "Agree with the carrier that desks are not stacked", "logistics", 18)
        case = s.open_case(
            "deviated",
            70,
            s.ref("b2b_deviated"),
            "complaint",
            "The lamps of the old series do not fit our sockets",
            wish="answer",
            goods_back=False,
            line={
                "product": "lamp",
                "qty": 12,
                "reason": "not_as_described",
                "solution": "goodwill",
                "agreed_amount": 180,
            },
        )
        s.answer(case, "Which sockets do you have? Please send us a photo.", hours=3)
        s.hold(case, "case_customer", "customer_service", "He sends photos of the sockets.")
        s.clock.go_on(20)
        s.release(case, "customer_service", "The photos are here: adapters cost 15 for each lamp.")
        s.assess(case)
        s.solve(case)
        s.credit(case)
        order = self._pay(s, "b2c_swapped", 130, "returning", lamp=1)
        self._deliver(s, order)
        self._track(s, order)
        s.invoice(order)
        case = s.open_case(
            "swapped",
            90,
            order,
            "exchange",
            "The lamp flickers",
            wish="replace",
            line={"product": "lamp", "reason": "defective", "solution": "replace"},
        )
        s.answer(case, "That should not be. Send it back; a new one leaves as soon as it is here.")
        s.assess(case)
        s.expect(case)
        s.receive(case)
        s.inspect(case, "The switch is loose.", scrap_qty=1)
        s.solve(case)
        s.send_anew(case)
        s.agree(case, 4, "The new one is fine.")
        case = s.open_case(
            "refused",
            36,
            s.ref("b2b_settlement_overdue"),
            "return",
            "We do not need all of the desks",
            wish="refund",
            line={"product": "desk", "qty": 1, "reason": "mind"},
        )
        s.answer(case, "We look at when they were delivered and tell you tomorrow.")
        s.refuse(case, "The desk was delivered more than a month ago and has been in use since.")

    @api.model
    def _tell_of_cases_with_goods_on_their_way(self, s):
        """One waits for the customer to send the goods, one for the parcel, one for somebody to open it."""
        case = s.open_case(
            "waiting",
            14,
            s.ref("b2c_after_sales"),
            "return",
            "One riser too many",
            wish="refund",
            line={"product": "riser", "reason": "mind", "solution": "refund"},
        )
        s.answer(case, "Gladly: the return slip is on your page.")
        s.assess(case)
        s.expect(case)
        s.hold(case, "case_customer", "after_sales", "He brings it to the parcel shop next week.")
        order = s.ref("b2b_after_sales_return")
        case = s.open_case(
            "expected",
            26,
            order,
            "return",
            "Three chairs have the wrong colour",
            wish="refund",
            line={"product": "chair", "qty": 3, "reason": "wrong", "solution": "refund"},
        )
        s.answer(case, "Our mistake. The carrier fetches them tomorrow.")
        s.assess(case)
        s.expect(case)
        case = s.open_case(
            "inspected",
            40,
            order,
            "exchange",
            "The lamps are too dim for our desks",
            wish="replace",
            line={
                "product": "lamp",
                "qty": 2,
                "reason": "not_as_described",
                "solution": "replace",
                "exchange_product_id": s.ref("product_riser").id,
            },
        )
        s.answer(case, "Send the lamps back: as agreed you get two risers, and the difference.")
        s.assess(case)
        s.allow(case, "With the chairs it is more than 500; both were our mistake.")
        s.expect(case)
        s.receive(case)

    @api.model
    def _tell_of_cases_being_solved(self, s):
        """A refund that Finance has to approve, one that it has to post, and a repair under warranty."""
        case = s.open_case(
            "approval",
            10,
            s.ref("b2b_settlement_overdue"),
            "return",
            "Two desks lift on one side only",
            wish="refund",
            line={"product": "desk", "qty": 2, "reason": "defective", "solution": "refund"},
        )
        s.answer(case, "We take them back. Our accountants have to agree to the amount; that takes a day.")
        s.assess(case)
        case = s.open_case(
            "credit",
            28,
            s.ref("b2b_settlement"),
            "return",
            "Screws are missing with four lamps",
            wish="refund",
            line={"product": "lamp", "qty": 4, "reason": "missing", "solution": "refund"},
        )
        s.answer(case, "Send them back, please: you get your money.")
        s.assess(case)
        s.expect(case)
        s.receive(case, hours=8)
        s.inspect(case, "Complete but for the screws; refilled.", restock_qty=4)
        s.solve(case)
        case = s.open_case(
            "repair",
            60,
            s.ref("b2b_after_sales"),
            "repair",
            "The motor of a desk hums and stops",
            wish="repair",
            line={"product": "desk", "reason": "defective", "solution": "repair", "note": "Motor hums, does not lift"},
        )
        s.answer(case, "It is under warranty: we repair it free of charge.")
        s.assess(case)
        s.expect(case)
        s.receive(case)
        s.inspect(case, "The motor's gear is worn.", repair_qty=1)
        s.solve(case)

    @api.model
    def _tell_of_new_cases(self, s):
        """One that nobody has answered for too long, one to be assessed, one from the portal, and a mail."""
        s.open_case(
            "late",
            20,
            s.ref("b2b_settlement"),
            "return",
            "Six chairs were not what we saw on the page",
            wish="refund",
            line={"product": "chair", "qty": 6, "reason": "not_as_described"},
        )
        case = s.open_case(
            "assessment",
            6,
            s.ref("b2b_logistics"),
            "exchange",
            "Risers in black, please",
            wish="replace",
            line={"product": "riser", "qty": 4, "reason": "wrong"},
        )
        s.answer(case, "We look at what was ordered and come back to you today.")
        s.open_by_portal(
            "portal",
            3,
            s.ref("b2c_settlement"),
            "return",
            "The box was open",
            "The box was torn open on one side and the chair has a dent.",
            {"product": "chair", "reason": "damaged"},
            "parcel.png",
        )
        s.open_by_mail(
            "mail", 2, "student", "Does the lamp dim?", "Before I order a second one: can it be dimmed? Which bulb?"
        )
