"""How quantities and amounts stand in the data of a reason: plain text, the same in every language."""


def quantity_text(product, quantity, uom):
    """Return ``[CODE] Product × 3.5 Units``."""
    return f"{product.display_name} × {quantity:.10g} {uom.name}"


def amount_text(amount, currency):
    """Return ``1200.50 EUR``."""
    return f"{currency.round(amount):.{currency.decimal_places}f} {currency.name}"
