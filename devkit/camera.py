"""Photographs one page with headless Chromium, over its DevTools protocol.

``python -m devkit.camera BROWSER`` reads what to do as JSON; it runs in the tool's Python environment, which has
websocket-client.
"""

import base64
import contextlib
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import websocket

PATIENCE = 90  # seconds for a page
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-default-apps",
    "--disable-extensions",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--remote-debugging-address=127.0.0.1",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
# The page is there, nothing loads any more, and all pictures and letters are drawn.
SETTLED = """
    document.readyState === "complete"
    && !!document.querySelector(%s)
    && !document.querySelector(".o_loading_indicator, .o_blockUI, .o_skeleton")
    && document.fonts.status === "loaded"
    && [...document.images].every((image) => image.complete)
"""
STILL = """
    const style = document.createElement("style");
    style.textContent = "*, *::before, *::after { animation: none !important; transition: none !important; "
        + "caret-color: transparent !important; } .o_notification_manager { display: none !important; }";
    document.head.append(style);
    document.activeElement?.blur();
"""


class Browser:
    """A running Chromium with one page."""

    def __init__(self, connection: websocket.WebSocket):
        self._connection = connection
        self._last = 0

    def call(self, method: str, **parameters: object) -> dict:
        """Return the answer of a DevTools method; raise RuntimeError if it fails."""
        self._last += 1
        self._connection.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._connection.recv())
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, expression: str) -> object:
        """Return the value of a JavaScript expression on the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait_until_settled(self, selector: str) -> None:
        """Wait until the page shows selector and has not changed for half a second."""
        deadline = time.monotonic() + PATIENCE
        condition, before = SETTLED % json.dumps(selector), None
        while time.monotonic() < deadline:
            time.sleep(0.5)
            now = self.evaluate(condition) and self.evaluate("document.body.innerHTML")
            if now and now == before:
                return
            before = now
        raise TimeoutError(f"the page does not show {selector} within {PATIENCE} s")


@contextlib.contextmanager
def browser(program: str) -> Iterator[Browser]:
    """Run Chromium with a profile of its own as long as the block lasts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            connection = websocket.create_connection(_page_address(Path(profile), process), timeout=PATIENCE)
            with contextlib.closing(connection):
                yield Browser(connection)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _page_address(profile: Path, process: subprocess.Popen) -> str:
    """Return where the page of a browser that has just been started listens."""
    port_file = profile / "DevToolsActivePort"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if port_file.exists() and (lines := port_file.read_text().split()):
            with urllib.request.urlopen(f"http://127.0.0.1:{lines[0]}/json/list", timeout=10) as answer:
                pages = [page for page in json.load(answer) if page["type"] == "page"]
            if pages:
                return pages[0]["webSocketDebuggerUrl"]
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start")


def take(program: str, job: dict) -> None:
    """Write a picture: ``url`` as the holder of ``session`` sees it on ``screen``, once ``wait_for`` is there."""
    width, height, scale = job["screen"]
    with browser(program) as page:
        page.call("Network.setCookie", name="session_id", value=job["session"], url=job["url"])
        page.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=scale > 1
        )
        page.call("Emulation.setTouchEmulationEnabled", enabled=scale > 1)
        page.call("Page.navigate", url=job["url"])
        page.wait_until_settled(job["wait_for"])
        page.evaluate(STILL)
        page.wait_until_settled(job["wait_for"])
        picture = page.call("Page.captureScreenshot", format="png")["data"]
    Path(job["target"]).write_bytes(base64.b64decode(picture))


if __name__ == "__main__":
    take(sys.argv[1], json.load(sys.stdin))
