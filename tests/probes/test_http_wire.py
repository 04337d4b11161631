"""What devices send in place of HTTP is read as wget reads it, and noted."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.http._wire import Wire
from pytest_etsi.probes.http.client import bounded_client
from pytest_etsi.probes.webdocs import fetch_document

from hostile_servers import serve  # isort: skip

HOST = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
READ = {
    "a bare date among the headers": (OK + b"Sun Nov 29 2026\r\nContent-Length: 5\r\n\r\nhello", "header line that is none"),
    "a second status line": (OK + b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello", "second status line"),
    "a null byte in a value": (OK + b"Server: a\0b\r\nContent-Length: 5\r\n\r\nhello", "control characters"),
    "a space before the colon": (OK + b"Content-Length : 5\r\n\r\nhello", "a space around the name"),
    "no last chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "without a last one"),
    "a last chunk without its end": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", ""),
    "two equal lengths": (OK + b"Content-Length: 5\r\nContent-Length: 05\r\n\r\nhello", "more than once"),
    "a list of equal lengths": (OK + b"Content-Length: 5, 5\r\n\r\nhello", "more than once"),
    "chunks and a length": (
        OK + b"Content-Length: 99\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "chunks count",
    ),
    "chunks with bare line feeds": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n", ""),
    "a length that is none": (OK + b"Content-Length: unknown\r\n\r\nhello", "a length that is none"),
    "a status line without a reason": (b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", ""),
    "two spaces before the status": (b"HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello", ""),
    "small letters": (b"http/1.0 200 ok\r\n\r\nhello", ""),
    "a version of one digit": (b"HTTP/1 200 OK\r\n\r\nhello", "of its own kind"),
    "HTTP/2 in text": (b"HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "of its own kind"),
    "line feeds alone": (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", ""),
    "a continued header": (OK + b"X-Long: a\r\n  b\r\nContent-Length: 5\r\n\r\nhello", ""),
    "an interim answer first": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nhello", ""),
    "empty lines first": (b"\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nhello", ""),
    "an unknown transfer coding": (OK + b"Transfer-Encoding: own\r\n\r\nhello", "unknown transfer coding"),
    "more than its length": (OK + b"Content-Length: 5\r\n\r\nhello and more", "more was sent"),
}  # fmt: skip


def once(answer, pieces=1):
    size = -(-len(answer) // pieces) or 1

    def behave(connection):
        connection.recv(65536)
        for start in range(0, len(answer), size):
            connection.sendall(answer[start : start + size])

    return behave


@pytest.mark.parametrize("name", READ)
def test_wherever_an_answer_is_cut_it_is_read_alike(name):
    answer, _ = READ[name]

    def given(*pieces):
        noted = []
        wire = Wire(noted.append)
        wire.asked(b"GET / HTTP/1.1\r\n\r\n")
        return head_of(b"".join(map(wire.feed, pieces)) + wire.end()), set(noted)

    whole = given(answer)
    assert [cut for cut in range(1, len(answer)) if given(answer[:cut], answer[cut:]) != whole] == []


def head_of(text):
    return text.partition(b"\r\n\r\n")[0]


def get(behave, path="/"):
    with serve(behave) as port, bounded_client([HOST], timeout_s=5.0) as client:
        return client.get(f"http://{HOST}:{port}{path}")


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("pieces", [1, 20])
def test_an_answer_that_is_no_http_by_the_book_is_read_and_noted(name, pieces):
    answer, noted = READ[name]

    response = get(once(answer, pieces))

    assert (response.status_code, response.content) == (200, b"hello")
    assert noted in "; ".join(response.extensions["oddities"])
    assert noted or not response.extensions["oddities"]


def test_a_page_without_a_status_line_is_read_and_noted():
    response = get(once(b"<html><body>hello</body></html>"))

    assert response.text == "<html><body>hello</body></html>"
    assert response.extensions["oddities"] == ("HTTP/0.9: a page without a status line",)


def test_the_first_of_two_status_lines_counts_and_the_other_is_told():
    response = get(once(b"HTTP/1.1 401 Unauthorized\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))

    assert response.status_code == 401
    assert "HTTP/1.1 200 OK" in response.extensions["oddities"][0]


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        OK + b"Content-Length: 9\r\n\r\nhello",
        OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhello",
        b"SSH-2.0-dropbear\r\n",
        b"220 ready\r\n",
        b"",
    ],
    ids=["two lengths that differ", "a body cut", "a chunk cut", "SSH", "FTP", "nothing"],
)
def test_what_can_be_read_in_two_ways_or_is_cut_is_no_answer(answer):
    with serve(once(answer)) as port, bounded_client([HOST], timeout_s=5.0) as client:
        assert fetch_document(client, f"http://{HOST}:{port}/").note.startswith("not fetched")


def test_what_is_left_of_an_answer_is_not_taken_for_the_next_one():
    def behave(connection):
        for number in range(2):
            if not connection.recv(65536):
                return
            body = b"page %d" % number
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body)

    with serve(behave) as port, bounded_client([HOST], timeout_s=5.0) as client:
        first, second = (client.get(f"http://{HOST}:{port}/") for _ in range(2))

    assert (first.content, second.content) == (b"pa", b"pa")


def test_connections_are_kept_where_answers_end_where_they_say():
    connections = []

    def behave(connection):
        connections.append(connection)
        while connection.recv(65536):
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")

    with serve(behave) as port, bounded_client([HOST], timeout_s=5.0) as client:
        answers = [client.get(f"http://{HOST}:{port}/").text for _ in range(3)]

    assert (answers, len(connections)) == (["hi"] * 3, 1)


def test_an_answer_to_head_has_no_body_whatever_its_length():
    wire = Wire(lambda oddity: None)
    wire.asked(b"HEAD / HTTP/1.1\r\n\r\n")

    assert wire.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").endswith(b"Content-Length: 5\r\n\r\n")
    assert wire.in_step
