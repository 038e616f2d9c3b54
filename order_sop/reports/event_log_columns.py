"""The attributes of an event log, in their order: the key, and what its values are.

When a stage was entered is no ``start_timestamp``: mining libraries would reckon the time between two activities from
the end of the one to the start of the other, and an order enters a stage the moment that it leaves the one before.
"""

import re

TRACE = {
    "concept:name": "string",
    "process": "string",
    "versions": "string",
    "customer": "string",
    "sales_team": "string",
    "salesperson": "string",
    "country": "string",
    "company": "string",
    "amount": "float",
    "currency": "string",
    "status": "string",
    "begun": "date",
}
EVENT = {
    "concept:name": "string",
    "lifecycle:transition": "string",
    "time:timestamp": "date",
    "entered_at": "date",
    "org:resource": "string",
    "org:group": "string",
    "outcome": "string",
    "worked_minutes": "int",
    "paused_minutes": "int",
    "late": "boolean",
    "cycle": "int",
}
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udfff]")
WRITTEN = {
    "string": lambda value: NOT_XML.sub("", value),
    "date": lambda value: value.isoformat(timespec="milliseconds") + "+00:00",
    "int": str,
    "float": repr,
    "boolean": lambda value: "true" if value else "false",
}
"""How each kind of value is written: text without what XML forbids, moments (naive UTC) in ISO 8601."""


def written(columns, attributes):
    """Yield ``(kind, key, text)`` of each of ``attributes`` that has a value, in the order of ``columns``."""
    for key, kind in columns.items():
        value = attributes[key]
        if value is not None:
            yield kind, key, WRITTEN[kind](value)
