"""What the tool must know of the addon: its dependencies and whether its files changed."""

import ast
from pathlib import Path

from devkit.failure import Failure
from devkit.paths import ADDON, CHECKOUT, short_hash, tree_hash

FALLBACK_DEPENDS = (
    "sale_management", "sale_stock", "stock_delivery", "purchase_stock", "repair", "account", "rating", "portal",
    "digest",
)  # fmt: skip
# The addon works with it where it is installed, so the tests want it there.
EXTRA_MODULES = ("stock_picking_batch",)
# The first becomes the default of users and companies: core's tests expect English.
LANGUAGES = ("en_US", "zh_CN")
IGNORED = ("__pycache__", ".pytest_cache", ".hypothesis", "node_modules")


def addon_folder() -> Path:
    """Return the addon's folder in this checkout."""
    return CHECKOUT / ADDON


def addon_exists() -> bool:
    """Tell if the checkout has the addon."""
    return (addon_folder() / "__manifest__.py").is_file()


def read_manifest(folder: Path | None = None) -> dict:
    """Return the addon's manifest; raise Failure if it can't be read."""
    path = (folder or addon_folder()) / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text())
    except (OSError, SyntaxError, ValueError) as error:
        raise Failure(f"{path} can't be read", str(error)) from error


def template_modules() -> tuple[str, ...]:
    """Return the modules that every template has: the addon's dependencies and what its tests want beside them."""
    depends = read_manifest().get("depends", ()) if addon_exists() else FALLBACK_DEPENDS
    return tuple(sorted({*depends, *EXTRA_MODULES}))


def addon_hash(folder: Path | None = None) -> str:
    """Return a hash over the addon's files, which tells if a database has them as they are now.

    Tests don't count: they change no database.
    """
    folder = folder or addon_folder()
    files = [path for path in folder.rglob("*") if path.is_file() and _counts(path.relative_to(folder))]
    return tree_hash(folder, files)


def _counts(relative: Path) -> bool:
    return not any(part in IGNORED for part in relative.parts) and relative.parts[0] != "tests"


def demo_hash(folder: Path | None = None) -> str:
    """Return a hash over what an update does not bring to a database: demo data, and the modules depended on."""
    folder = folder or addon_folder()
    files = [path for path in (folder / "demo").rglob("*") if path.is_file() and _counts(path.relative_to(folder))]
    return short_hash(tree_hash(folder, files), *sorted(read_manifest(folder).get("depends", ())))
