"""Event logs as XES (IEEE 1849-2016)."""

from lxml import etree

from .event_log_columns import EVENT, TRACE, written

NAMESPACE = "http://www.xes-standard.org/"
EXTENSIONS = {"Concept": "concept", "Time": "time", "Lifecycle": "lifecycle", "Organizational": "org"}
GLOBALS = {
    "trace": (("string", "concept:name", "UNKNOWN"),),
    "event": (
        ("string", "concept:name", "UNKNOWN"),
        ("string", "lifecycle:transition", "complete"),
        ("date", "time:timestamp", "1970-01-01T00:00:00.000+00:00"),
        ("string", "outcome", "UNKNOWN"),
    ),
}
CLASSIFIERS = {"Activity": "concept:name", "ActivityAndOutcome": "concept:name outcome"}


class XesLog:
    """Writes traces as they come; a context, at whose end the file is whole."""

    def __init__(self, file, name, _parameters=None):
        """:param file: binary, open for writing; ``name``: of the log"""
        self._context, self._name = etree.xmlfile(file, encoding="utf-8"), name

    def __enter__(self):
        self._file = self._context.__enter__()
        self._file.write_declaration()
        version = {"xes.version": "1849.2016", "xes.features": ""}
        self._log = self._file.element("log", version, nsmap={None: NAMESPACE})
        self._log.__enter__()
        for name, prefix in EXTENSIONS.items():
            self._declare("extension", name=name, prefix=prefix, uri=f"{NAMESPACE}{prefix}.xesext")
        for scope, defaults in GLOBALS.items():
            declared = etree.Element("global", scope=scope)
            for kind, key, value in defaults:
                etree.SubElement(declared, kind, key=key, value=value)
            self._file.write(declared)
        for name, keys in CLASSIFIERS.items():
            self._declare("classifier", name=name, scope="event", keys=keys)
        self._declare("string", key="concept:name", value=self._name)
        self._declare("string", key="lifecycle:model", value="standard")
        return self

    def __exit__(self, *error):
        self._log.__exit__(*error)
        return self._context.__exit__(*error)

    def _declare(self, tag, **attributes):
        self._file.write(etree.Element(tag, attributes), "\n")

    def add(self, trace, events):
        """Write one trace."""
        element = etree.Element("trace")
        for kind, key, value in written(TRACE, trace):
            etree.SubElement(element, kind, key=key, value=value)
        for event in events:
            child = etree.SubElement(element, "event")
            for kind, key, value in written(EVENT, event):
                etree.SubElement(child, kind, key=key, value=value)
        self._file.write(element, "\n")
