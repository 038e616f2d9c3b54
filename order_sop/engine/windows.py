"""Window actions that buttons answer with, as the web client takes them."""


def form_of(record, **more):
    """Return the action that opens the form of the one ``record``; ``more`` of its keys, as ``name`` or ``target``."""
    return {
        "type": "ir.actions.act_window",
        "res_model": record._name,
        "res_id": record.id,
        "views": [[False, "form"]],
        **more,
    }


def list_of(model, name, domain):
    """Return the action that lists records of ``model`` (its name) by a domain, under a title, and makes none."""
    return {
        "type": "ir.actions.act_window",
        "res_model": model,
        "name": name,
        "domain": domain,
        "views": [[False, "list"], [False, "form"]],
        "context": {"create": False},
    }
