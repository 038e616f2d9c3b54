"""What the tests of rules share."""


class RuleBatchCase:
    """Guards the batch contract of a rule: what it costs must not depend on how many orders it is asked about."""

    def assert_batch_cost(self, rule, records, **parameters):
        """Fail unless judging all ``records`` takes no more queries than judging two of them.

        :param str rule: the rule's code
        :param records: 20 or so orders, deliveries or invoices, all in the state that makes the rule work hardest
        :param parameters: of the checkpoint, such as ``rule_days``
        """
        self.assertGreater(len(records), 10, "a slope shows only in a batch")
        self._get_rule_cost(rule, records[:2], parameters)  # warm what stays in memory between requests
        few = self._get_rule_cost(rule, records[:2], parameters)
        many = self._get_rule_cost(rule, records, parameters)
        self.assertLessEqual(many, few, f"{rule}: {few} queries for 2 records, but {many} for {len(records)}")

    def _get_rule_cost(self, rule, records, parameters):
        """Return how many queries it takes to judge ``records`` with nothing of them in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        records = records.browse(records.ids)  # may have come from a relation that is no longer in the cache
        targets = {"sale.order": {}, "stock.picking": {"pickings": records}, "account.move": {"invoices": records}}
        targets = targets[records._name]
        before = self.env.cr.sql_log_count
        self.evaluate_rule(rule, () if targets else records, **targets, **parameters)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
