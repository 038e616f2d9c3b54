"""What the web client asks for when it shows a list of orders, and how PostgreSQL answers a filter."""

from xml.etree import ElementTree

OPEN = ["running", "waiting", "on_hold"]


def filter_domains(user_id: int) -> dict[str, list]:
    """Return the addon's filters on orders, by name, as domains."""
    return {
        "my department's": [("sop_my_department", "=", True)],
        "mine": [("sop_user_id", "=", user_id)],
        "late": [("sop_late", "=", True)],
        "blocked": [("sop_status", "=", "waiting")],
        "under a process": [("sop_process_id", "!=", False)],
        "open": [("sop_status", "in", OPEN)],
    }


def specification(env, view: str, *, own: bool) -> dict[str, dict]:
    """Return the fields that a list view reads, as the web client asks for them.

    :param str view: external id; :param own: whether the addon's own fields count
    """
    orders = env["sale.order"]
    arch = ElementTree.fromstring(orders.get_view(env.ref(view).id, "list")["arch"])
    fields = {}
    for node in arch.iterfind(".//field"):
        field = orders._fields[node.get("name")]
        if node.get("optional") == "hide" or (field.name.startswith("sop_") and not own):
            continue
        fields[field.name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
    return fields


def access_paths(plan: dict) -> list[str]:
    """Return how each table of an EXPLAIN plan (JSON) is read, such as ``sale_order by sale_order_x_idx``."""
    paths = []
    if "Relation Name" in plan:
        how = f"by {plan['Index Name']}" if "Index Name" in plan else plan["Node Type"].lower()
        paths.append(f"{plan['Relation Name']} {how}")
    elif "Index Name" in plan:
        paths.append(f"by {plan['Index Name']}")
    for part in plan.get("Plans", ()):
        paths += access_paths(part)
    return paths
