"""A customer who comes back with what he got: requests to the pages of his cases, and files that he may send or not."""

import io

from PIL import Image

from .common_portal import PortalCase


def picture(kind="PNG", size=(40, 30)):
    """Return the content of a picture."""
    stream = io.BytesIO()
    Image.new("RGB", size, (180, 40, 40)).save(stream, kind)
    return stream.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><body><script>alert(1)</script></body></html>"


class CasePortalCase(PortalCase):
    """Deliveries of two customers, and what they do on the pages of their cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.send(lines=[(cls.product, 3, 100.0)])
        cls.line = cls.order.order_line.filtered(lambda line: line.product_id == cls.product)
        cls.reason = cls.env.ref("order_sop.case_reason_defective")

    def form(self, quantity="2", line=None, **values):
        """Return the form of a case on ``quantity`` of ``line``."""
        line = line or self.line
        lines = {f"qty_{line.id}": quantity, f"reason_{line.id}": str(self.reason.id)}
        return {"kind": "return", "description": "Two legs are broken", "wish": "refund"} | lines | values

    def send_files(self, path, files=(), token=None, **values):
        """Post a form with ``files`` (``[(name, content)]``) and return the answer, which leads nowhere yet."""
        self.commit()
        self.form_token = self.form_token or self.csrf_of_session()
        path += f"?access_token={token}" if token is not None else ""
        response = self.url_open(
            path,
            data=values | {"csrf_token": self.form_token},
            files=[("files", (name, content, "image/png")) for name, content in files] or None,
            timeout=60,
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response

    def open_case(self, order=None, files=(), token=None, **values):
        """Open a case as the visitor and return it, or the page that says why there is none."""
        order = order or self.order
        known = self.env["sop.case"].search([])
        response = self.send_files(f"/my/orders/{order.id}/case/open", files, token, **values)
        return self.env["sop.case"].search([]) - known or response

    def case_token(self, case):
        """Return the token that is in the link to ``case``."""
        token = case._portal_ensure_token()
        self.commit()
        return token

    def get(self, path, token=None):
        """Return the answer to ``path``, where it does not lead on."""
        self.commit()
        url = path + (f"?access_token={token}" if token is not None else "")
        response = self.url_open(url, timeout=60, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def answer(self, case, text="Please send them back", **vals):
        """Let After-Sales answer the customer of ``case``."""
        vals = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"} | vals
        return case.with_user(self.users["after_sales"]).message_post(body=text, **vals)
