"""Event logs for process mining: somebody who exports them, and reads what is in the file."""

import csv
import io
import os
import tempfile

from lxml import etree


class EventLogFixture:
    """Exports event logs as somebody does, and reads them."""

    def export(self, user="manager", form="csv", process="GATED", **more):
        """Return what is in the file."""
        self.commit()
        log = self.env["sop.event.log"].with_user(self.users[user])
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "log")
            log._write_file(path, {"process": process, "form": form, **more})
            with open(path, "rb") as file:
                return file.read()

    def rows(self, *args, **more):
        """Return the rows of the CSV file: dictionaries."""
        return list(csv.DictReader(io.StringIO(self.export(*args, **more).decode())))

    def xes(self, **more):
        """Return the root of the XES file."""
        return etree.fromstring(self.export(form="xes", **more))

    def names(self, **more):
        return list(dict.fromkeys(row["case:concept:name"] for row in self.rows(**more)))
