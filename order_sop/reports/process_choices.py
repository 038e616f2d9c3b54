"""The processes that a report can be about."""


def process_choices(env):
    """Return ``[{"code", "name", "versions"}…]`` of the published and retired processes that the user sees: each code
    once, called as its newest version, with the numbers of its versions from the newest on."""
    processes, codes = env["sop.process"].search([("state", "!=", "draft")]), {}
    for process in processes.sorted(lambda one: (one.applies_to, one.sequence, one.code, -one.version)):
        known = codes.setdefault(process.code, {"code": process.code, "name": process.name, "versions": []})
        if process.version not in known["versions"]:
            known["versions"].append(process.version)
    return list(codes.values())
