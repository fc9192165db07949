"""Serving the built site on loopback, as a host on the web would."""

from __future__ import annotations

import functools
import gzip
import http.server
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

COMPRESSED = {".css", ".html", ".js", ".json", ".svg", ".txt", ".xml"}


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files, text gzipped, with headers of the test's choice."""

    protocol_version = "HTTP/1.1"

    def __init__(
        self, *args: object, headers: Mapping[str, str], head: bytes, directory: str
    ) -> None:
        self.extra_headers = headers
        self.head = head
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer as hosts do: with a file, the slash of a folder, or the site's 404."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and not self.path.endswith("/"):
            self.send_response(301)
            self.send_header("Location", f"{self.path}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path = path / "index.html" if path.is_dir() else path
        status = 200 if path.is_file() else 404
        if status == 404:
            above = (folder / "404.html" for folder in path.parents)
            path = next(page for page in above if page.is_file())
        content = path.read_bytes()
        if path.suffix == ".html":
            content = content.replace(b"<head>", self.head, 1)
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix in COMPRESSED:
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        for name, value in self.extra_headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the output of the tests free of requests."""


class SiteServer(http.server.ThreadingHTTPServer):
    """Lets a browser close a connection early, as it does when a page is left."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Report what went wrong, unless the browser went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def serve(
    site: Path, headers: Mapping[str, str] | None = None, head: bytes = b"<head>"
) -> Iterator[str]:
    """Serve a folder while the ``with`` block runs; give its address."""
    handler = functools.partial(
        SiteHandler, headers=headers or {}, head=head, directory=str(site)
    )
    with SiteServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
