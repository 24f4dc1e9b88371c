"""The embedded map stands in a page of another site; every other page refuses to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FRAME = '<!doctype html><title>Elsewhere</title><iframe sandbox="allow-scripts allow-same-origin" '


@pytest.fixture
def elsewhere(served):
    """Return the address of another site, which frames what stands after its first slash."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'{FRAME} src="{served.address}{self.path}"></iframe>'.encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


def framed(page, address):
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page.frames[1]


def test_the_embedded_map_is_drawn_in_a_page_of_another_site(visit, elsewhere, until):
    page = visit("/healthz")
    frame = framed(page, f"{elsewhere}/atlas/embed?lon=70&lat=47&zoom=5&layers=barriers")
    page.problems.clear()
    assert until(frame, "document.body.dataset.map === 'ready'")


@pytest.mark.parametrize("path", ["/", "/account/login/", "/layers", "/species/saiga"])
def test_no_other_page_is_framed(visit, elsewhere, path):
    frame = framed(visit("/healthz"), f"{elsewhere}{path}")
    assert frame.url.startswith("chrome-error:")
