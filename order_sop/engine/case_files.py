"""Files that customers send with what they write: what is taken, and under which name."""

import re
from io import BytesIO

from PIL import Image

from odoo.exceptions import UserError
from odoo.tools.image import IMAGE_MAX_RESOLUTION
from odoo.tools.mimetypes import guess_mimetype

from .proof import MAX_FILE

MAX_FILES = 5
MAX_NAME = 80
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}
UNSAFE = re.compile(r"[^\w .()-]+")  # separators, signs that change what is read, all that a shell or HTML may mean


def take_files(env, uploads):
    """Return ``[(name, content)]`` of what a customer uploads, by its content and not by what he says that it is.

    :param uploads: file objects with a ``filename``; those without one are fields that were left empty
    :raise UserError: for too many, too large, or anything but pictures and PDFs
    """
    uploads = [upload for upload in uploads if upload.filename]
    if len(uploads) > MAX_FILES:
        raise UserError(env._("Please send at most %s files at once.", MAX_FILES))
    files = []
    for upload in uploads:
        content = upload.read(MAX_FILE + 1)
        extension = get_extension(content)
        if len(content) > MAX_FILE or not extension:
            raise UserError(
                env._(
                    "“%(file)s” cannot be taken: please send photos and PDFs of at most %(size)s MB each.",
                    file=neutral_name(upload.filename),
                    size=MAX_FILE // 1024 // 1024,
                )
            )
        files.append((neutral_name(upload.filename, extension), content))
    return files


def get_extension(content):
    """Return how the name of a file with this content ends; None for what customers may not send."""
    mimetype = content and guess_mimetype(content)
    if mimetype not in EXTENSIONS or (mimetype != "application/pdf" and not is_picture(content)):
        return None
    return EXTENSIONS[mimetype]


def is_picture(content):
    """Tell whether ``content`` is a picture that can be shown; not one that would fill the memory when unpacked."""
    try:
        with Image.open(BytesIO(content)) as image:
            return image.format in ("JPEG", "MPO", "PNG", "GIF", "WEBP") and (
                image.width * image.height <= IMAGE_MAX_RESOLUTION
            )
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def neutral_name(name, extension=None):
    """Return a file name that is nothing but a name.

    :param extension: how it has to end, in place of how it ends now
    """
    name = name.replace("\\", "/").rpartition("/")[2]
    if extension:
        name = name.rpartition(".")[0] or name
    name = UNSAFE.sub("_", name).strip(" ._")[:MAX_NAME] or "file"
    return name + (extension or "")
