"""``make screenshots``: the documentation's pictures, taken of a new demo by the demo's own users."""

import argparse
import json
import os
import subprocess
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from devkit.failure import Failure
from devkit.host import SERVING, TESTING, free_port
from devkit.mailbox import mailbox
from devkit.paths import ADDON, CHECKOUT, log_file, short_hash, work_folder
from devkit.progress import say, step
from devkit.serve import serve
from devkit.template import install_addon
from devkit.workbench import Workbench, prepare

FOLDER = CHECKOUT / "docs" / "screenshots"
BROWSER = Path(__file__).resolve().parent / "browser" / "google-chrome"
# Width, height, pixels a point
DESKTOP = (1366, 860, 1)
LIST = (1366, 560, 1)
WIDE = (2500, 1100, 0.75)
PHONE = (390, 844, 2)


@dataclass(frozen=True)
class Picture:
    """A picture: who looks at which page; the page's path may name records of the demo by their XML ids."""

    name: str
    login: str
    path: str
    wait_for: str
    screen: tuple[int, int, float] = DESKTOP
    language: str = "en_US"


PANEL = ".o_sop_panel"
TRACKER = "#sop_tracker"
PICTURES = (
    Picture("order_form", "finance", "/odoo/sop-orders/{demo_b2b_review}", PANEL),
    Picture("orders_kanban", "manager", "/odoo/sop-orders", ".o_kanban_record", WIDE),
    Picture("approvals", "head_of_finance", "/odoo/sop-approvals", ".o_data_row", LIST),
    Picture("approval_order", "head_of_finance", "/odoo/sop-orders/{demo_b2b_approval}", PANEL),
    Picture("approvals_phone", "finance", "/odoo/sop-approvals", ".o_kanban_record", PHONE),
    Picture("my_work", "finance", "/odoo/sop-my-work", ".o_data_row", LIST),
    Picture("my_work_phone", "warehouse", "/odoo/sop-my-work", ".o_kanban_record", PHONE),
    Picture("control_tower", "manager", "/odoo/sop-tower", ".o_sop_tower button"),
    Picture("kpis", "manager", "/odoo/sop-kpis", ".o_sop_kpi", (1366, 1000, 1)),
    Picture("kpis_zh", "manager", "/odoo/sop-kpis", ".o_sop_kpi", (1366, 700, 1), "zh_CN"),
    Picture("process_map", "manager", "/odoo/sop-map", ".o_sop_map_bottleneck", (1366, 1100, 1)),
    Picture("department_board", "warehouse", "/odoo/sop-board", ".o_kanban_record", WIDE),
    Picture("process_form", "manager", "/odoo/sop-processes/{process_b2b}", ".o_form_view"),
    Picture("stock_desk", "warehouse", "/odoo/sop-stock-desk", ".o_data_row", LIST),
    Picture("tracking", "logistics", "/odoo/sop-tracking", ".o_data_row", LIST),
    Picture("delivery_phone", "warehouse", "/odoo/m-stock.picking/{delivery of demo_b2b_pack}", PANEL, PHONE),
    Picture("customer_order", "customer", "/my/orders/{demo_b2b_parts}", TRACKER),
    Picture("customer_phone", "customer", "/my/orders/{demo_b2b_question}#sop_tracker", TRACKER, PHONE),
    Picture("cases_kanban", "after_sales", "/odoo/sop-cases", ".o_kanban_record", WIDE),
    Picture("case_form", "after_sales", "/odoo/sop-cases/{demo_case_inspected}", PANEL),
    Picture("customer_case", "customer", "/my/cases/{demo_case_returned}", "#sop_case"),
    Picture("differences", "finance", "/odoo/sop-differences", ".o_data_row", LIST),
    Picture("statement", "finance", "/odoo/sop-statements", ".o_data_row", LIST),
    Picture("settlement_zh", "finance", "/odoo/sop-settlement", ".o_data_row", LIST, language="zh_CN"),
    Picture("order_form_zh", "finance", "/odoo/sop-orders/{demo_b2b_review}", PANEL, language="zh_CN"),
)


class _Taken(Exception):
    """All pictures are taken: Odoo may stop."""


def main(arguments: list[str]) -> int:
    """Take all pictures, or those that are named."""
    parser = argparse.ArgumentParser(prog="devkit screenshots")
    parser.add_argument("name", nargs="*", help=f"one of {', '.join(picture.name for picture in PICTURES)}")
    names = parser.parse_args(arguments).name
    if unknown := set(names) - {picture.name for picture in PICTURES}:
        raise Failure(f"there is no picture {', '.join(sorted(unknown))}", "run 'make screenshots ARGS=-h' for a list")
    wanted = [picture for picture in PICTURES if not names or picture.name in names]
    bench = prepare((*SERVING, *TESTING))
    try:
        # The demo tells of the last weeks up to its making: one that was kept would show old dates.
        name = f"order_sop_screenshots_{short_hash(CHECKOUT)}_{os.getpid()}"
        with bench.databases.temporary(name, bench.template(demo=True)) as database:
            install_addon(bench.runner, database, demo=True, log_name="screenshots-install")
            _serve_and_take(bench, database, wanted)
    finally:
        bench.stop_if_started(quiet=True)
    return 0


def _serve_and_take(bench: Workbench, database: str, wanted: list[Picture]) -> None:
    port = free_port()

    def take() -> None:
        with step("Taking pictures"):
            _take(bench, database, f"http://127.0.0.1:{port}", wanted)
        raise _Taken

    try:
        with mailbox(work_folder() / "mail") as mail_port:
            options = ("--max-cron-threads=0", "--smtp=127.0.0.1", f"--smtp-port={mail_port}")
            serve(bench.runner, database, port, log=log_file("screenshots"), on_ready=take, options=options)
    except _Taken:
        for picture in wanted:
            say(str((FOLDER / f"{picture.name}.png").relative_to(CHECKOUT)))


def _take(bench: Workbench, database: str, address: str, wanted: list[Picture]) -> None:
    """Log in as each user and have the pages photographed by a browser that runs in the Python environment."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    find = _record_finder(bench, database)
    for picture in wanted:  # one by one: a language belongs to the user, not to the session
        session = _Session(address, database, picture.login)
        session.set_language(picture.language)
        url, target = address + _fill_in(picture.path, find), FOLDER / f"{picture.name}.png"
        _run_camera(bench, asdict(picture) | {"url": url, "session": session.id, "target": str(target)})


def _run_camera(bench: Workbench, job: dict) -> None:
    environment = {**bench.runner.environment(), "PYTHONPATH": str(CHECKOUT)}
    command = [str(bench.runner.python), "-m", "devkit.camera", str(BROWSER)]
    done = subprocess.run(
        command, input=json.dumps(job), text=True, env=environment, cwd=CHECKOUT, capture_output=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["the browser broke off"])[-1]
        raise Failure(f"no picture of {job['url']}", reason)


def _record_finder(bench: Workbench, database: str) -> Callable[[str], str]:
    """Return a function that gives the id of a record by XML id, or of a delivery by its order's."""

    def find(what: str) -> str:
        name = what.removeprefix("delivery of ")
        ids = f"SELECT res_id FROM ir_model_data WHERE module = '{ADDON}' AND name = '{name}'"
        if what != name:
            ids = f"SELECT id FROM stock_picking WHERE sale_id IN ({ids}) ORDER BY id LIMIT 1"
        rows = bench.databases.query(ids, database)
        if not rows:
            raise Failure(f"the demo has no {what}", "see order_sop/demo")
        return rows[0]

    return find


def _fill_in(path: str, find: Callable[[str], str]) -> str:
    """Return path with what stands in braces replaced by what find says for it."""
    before, brace, rest = path.partition("{")
    if not brace:
        return path
    name, _brace, after = rest.partition("}")
    return before + find(name) + _fill_in(after, find)


class _Session:
    """A user who has logged in to Odoo; his password is his login."""

    def __init__(self, address: str, database: str, login: str):
        self.address = address
        self.id = ""
        self.user = self._call("/web/session/authenticate", {"db": database, "login": login, "password": login})["uid"]

    def set_language(self, language: str) -> None:
        """Let the user, and the browser with his session, have Odoo in a language."""
        values = {"model": "res.users", "method": "write", "args": [[self.user], {"lang": language}], "kwargs": {}}
        self._call("/web/dataset/call_kw", values)

    def _call(self, path: str, parameters: dict) -> object:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters}).encode()
        headers = {"Content-Type": "application/json", "Cookie": f"session_id={self.id}"}
        request = urllib.request.Request(self.address + path, body, headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                if cookie.startswith("session_id="):
                    self.id = cookie.removeprefix("session_id=").partition(";")[0]
            result = json.load(answer)
        if error := result.get("error"):
            raise Failure(f"Odoo refuses {path}", error.get("data", {}).get("message") or error["message"])
        return result["result"]
