import os
import tempfile
from contextlib import contextmanager

from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.wsgi import FileWrapper

from odoo.exceptions import AccessError, UserError
from odoo.http import Response, content_disposition

from ..engine.export import FOLDER

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_workbook(write, mimetype=XLSX):
    """Answer with a workbook, or another file that is made for it.

    :param write: called with the path to write it to; returns the file's name. What the user may not see, or asked for
        wrongly, becomes an answer that says so
    :param str mimetype: of the file
    """
    with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
        path = os.path.join(folder, "file")
        with http_errors():
            name = write(path)
        file = open(path, "rb")  # noqa: SIM115 (the answer closes it, and then it is gone)
    headers = [
        ("Content-Type", mimetype),
        ("Content-Length", str(os.fstat(file.fileno()).st_size)),
        ("Content-Disposition", content_disposition(name)),
        ("Cache-Control", "no-store"),
    ]
    return Response(FileWrapper(file), headers=headers, direct_passthrough=True)


@contextmanager
def http_errors():
    """Turn what the ORM raises for a wrong request into the error that a browser understands."""
    try:
        yield
    except (AccessError, UserError) as error:
        raise (Forbidden if isinstance(error, AccessError) else BadRequest)(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest() from error
