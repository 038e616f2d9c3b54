"""The processes that a report can be about."""


def process_choices(env):
    """Return ``[{"code", "name", "versions"}…]`` of the published and retired processes that the user sees: each code
    once, called as its newest version, with the numbers of its versions from the newest on."""
    processes = env["sop.process"].search([("state", "!=", "draft")])
    codes = processes.sorted(lambda one: (-one.version, one.id)).grouped("code").values()
    return [
        {"code": own[0].code, "name": own[0].name, "versions": list(dict.fromkeys(own.mapped("version")))}
        for own in sorted(codes, key=lambda own: (own[0].applies_to, own[0].sequence, own[0].code))
    ]
