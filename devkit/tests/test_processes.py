"""Programs that are run: logs of failures, nothing left behind; the demo's mailbox."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest

from devkit.failure import Failure
from devkit.mailbox import mailbox
from devkit.paths import CHECKOUT
from devkit.processes import background, free_of_postgres, run_logged


def _alive(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_failed_command_shows_the_end_of_its_log(tmp_path, capsys):
    log = tmp_path / "log"
    with pytest.raises(Failure, match="it broke: check this; the lines above end"):
        run_logged(["sh", "-c", "echo reason >&2; exit 3"], log, "it broke", "check this")
    assert "reason" in capsys.readouterr().err
    run_logged(["true"], log, "it broke")


def test_background_process_ends_with_the_block():
    with pytest.raises(KeyboardInterrupt), background(["sleep", "60"], dict(os.environ), None) as process:
        assert process.poll() is None
        raise KeyboardInterrupt
    assert process.returncode == -signal.SIGTERM


def test_background_process_ends_even_if_its_owner_is_killed():
    script = (
        "import os; from devkit.processes import background\n"
        "with background(['sleep', '60'], dict(os.environ), None) as process:\n"
        "    print(process.pid, flush=True); process.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=CHECKOUT) as owner:
        pid = int(owner.stdout.readline())
        assert _alive(pid)
        owner.kill()
    assert _wait_for(lambda: not _alive(pid))


def test_environment_of_odoo_is_not_steered_from_outside():
    environ = {"PGHOST": "elsewhere", "ODOO_RC": "/other", "HOME": "/home/me"}
    assert free_of_postgres(environ) == {"HOME": "/home/me"}


def test_mail_of_the_demo_is_kept_and_not_sent(tmp_path):
    message = EmailMessage()
    message["Subject"] = "Shipped 已发货"
    message["To"] = "customer@example.com"
    message.set_content("first\n.\n..dots\n")
    with mailbox(tmp_path / "mail") as port, smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        client.send_message(message, from_addr="demo@example.com")
        client.send_message(message, from_addr="demo@example.com")
    kept = sorted((tmp_path / "mail").iterdir())
    assert len(kept) == 2
    assert b"\r\n.\r\n..dots\r\n" in kept[0].read_bytes()
