"""A mail server for the demo that delivers nothing: it keeps every message as a file that a mail program opens.

Without one, Odoo would show each message to a customer as failed; with a real one, a demo would write to strangers.
"""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

LIMIT = 32 * 1024 * 1024  # bytes of a message


class _Session(socketserver.StreamRequestHandler):
    """One connection: as much of SMTP as Python's client speaks."""

    def handle(self) -> None:
        """Answer commands until the client leaves."""
        self._say("220 localhost")
        while line := self.rfile.readline(1000):
            verb = line.strip().upper()[:4]
            if verb == b"DATA":
                self._say("354 go on")
                self._keep()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            elif verb in (b"EHLO", b"HELO", b"MAIL", b"RCPT", b"RSET", b"NOOP"):
                self._say("250 localhost")
            else:
                self._say("502 not here")

    def _keep(self) -> None:
        message = bytearray()
        while (line := self.rfile.readline()) not in (b".\r\n", b".\n", b""):
            message += line.removeprefix(b".") if line.startswith(b"..") else line
            if len(message) > LIMIT:
                self._say("552 too much")
                return
        name = f"{datetime.now():%Y%m%d-%H%M%S-%f}.eml"
        (self.server.folder / name).write_bytes(message)
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    folder: Path


@contextlib.contextmanager
def mailbox(folder: Path) -> Iterator[int]:
    """Keep the mail that is sent to the yielded port of localhost in folder, one .eml file each."""
    folder.mkdir(parents=True, exist_ok=True)
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.folder = folder
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
