"""Which visits are the events of an event log, and what their stages are called: as on the process map."""

from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.arguments import text
from ..models.sop_flow_mixin import OPEN_STATUSES

STATUSES = [("all", "All"), ("open", "Open"), ("finished", "Finished")]


def get_events(env, scope, status):
    """Return which visits are events, as a domain of ``sop.visit``.

    :param scope: of the process map, a :class:`.map_scope.MapScope`
    :param status: of ``STATUSES`` (from outside): of which documents
    :raise UserError: for another status
    """
    status = text(env, status) or "all"
    if status not in dict(STATUSES):
        raise UserError(env._("“%s”: orders can be open or finished.", status))
    domain = scope.domain() & Domain("left_at", "!=", False) & Domain("stage_id", "in", list(scope.boxes))
    if status != "all":
        domain &= Domain(f"{scope.link}.sop_status", "in" if status == "open" else "not in", OPEN_STATUSES)
    return domain


def get_activities(scope, stages):
    """Return ``{id: name}`` of the activities that ``stages`` are: each box of the map is one, called as in the newest
    version. Activities of the same name get the key of their box behind it.
    """
    names = {}
    for stage in stages.sorted(lambda stage: (-stage.process_id.version, stage.sequence, stage.id)):
        names.setdefault(scope.boxes[stage.id], stage.name)
    called = list(names.values())
    names = {key: name if called.count(name) == 1 else f"{name} ({key})" for key, name in names.items()}
    return {id_: names[key] for id_, key in scope.boxes.items()}
