class DemoHistory:
    """Finished orders of the past months, for KPIs and the process map: told by the same steps as the others.

    What there is to be found: Legal takes long with large orders, Purchasing sends some back, deliveries are late in
    the summer, and it becomes better.
    """

    BUYERS = ("chain", "west", "north", "authority", "east", "south")
    SHOPPERS = ("home_office", "student", "online", "returning")

    def tell_of_past_months(self, tales, months=8):
        """Tell, for each of so many ``months`` (of some 170 working hours), of two orders of businesses and one of a
        consumer; ``tales`` has the parts of the tales."""
        for month in range(months, 0, -1):
            hours = 170 * month + 230
            for number in range(2):
                self._tell_of_business(tales, 2 * month + number, hours + 60 * number, month)
            self._tell_of_consumer(tales, month, hours + 20, month)

    def _tell_of_business(self, tales, place, hours, month):
        large = place % 3 == 0
        goods = {"desk": 20 + place, "chair": 20} if large else {"chair": 4 + place, "lamp": 4}
        order = self.take(f"b2b_past_{place}", hours, self.BUYERS[place % 6], **goods)
        self.attach_contract(order)
        if place % 8 == 5:
            self.cancel(order)
            return
        self.clock.go_on((9 if large else 2) + month)
        self.read_contract(order)
        self.approve(order)
        self.confirm(order)
        if place % 5 == 2:
            self.send_back(order, "warehouse", "review", "The delivery clause does not fit our dates.")
            self.clock.go_on(4)
            self.review_again(order)
        self.clock.go_on(40 if month in (4, 5) and place % 2 else 1)
        tales._deliver(self, order)
        tales._track(self, order)
        self._waive_lateness(order)
        tales._settle(self, order, pay_after=10 + 4 * month)
        self.rate(order, 5 if place % 4 else 3, "")

    def _tell_of_consumer(self, tales, place, hours, month):
        goods = {"lamp": 1} if place % 2 else {"chair": 1, "lamp": place}
        name = self.SHOPPERS[place % 4]
        order = tales._pay(self, f"b2c_past_{place}", hours, name, **goods)
        self.clock.go_on(30 if month == 4 else 1)
        tales._deliver(self, order)
        tales._track(self, order)
        self._waive_lateness(order)
        self.confirm_receipt(order, 20, "Customer")
        self.invoice(order)
        if place % 3:
            self.rate(order, 4 if place % 2 else 5, "")

    def _waive_lateness(self, order):
        late = order.sop_check_ids.filtered(
            lambda check: check.checkpoint_id.rule == "shipped_on_time" and check.state == "failed"
        )
        if late:
            self.by("manager", late).action_waive("The customer was told in time.")
            self.settle(order)
