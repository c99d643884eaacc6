"""Addresses, secrets and errors: what people are told, and what nobody is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from newsidx.engines.opensearch import client, lifecycle, verify
from newsidx.engines.opensearch.address import addresses
from newsidx.engines.opensearch.bulk import Bulk
from newsidx.engines.opensearch.client import Cluster, NotThere, Refusal, passes
from newsidx.engines.opensearch.compile import Between
from newsidx.engines.opensearch.home import Home, settled
from newsidx.engines.opensearch.reading import Reader
from newsidx.errors import ConfigError, EngineError, IndexDamaged, NewsidxError, UsageError
from newsidx.query import bound
from tests.cluster.nodes import free_ports
from tests.processes import Finished

SECRET = "hunter2-and-more"


@pytest.mark.parametrize(
    ("given", "hosts", "name"),
    [
        ("https://h/news", ("https://h:443",), "news"),
        ("http://h:9200/news/", ("http://h:9200",), "news"),
        ("http://[::1]:9200/news", ("http://[::1]:9200",), "news"),
        ("https://h/behind/a/proxy/news", ("https://h:443/behind/a/proxy",), "news"),
        (["http://a:1/n,http://b:2/n", "http://a:1/n"], ("http://a:1", "http://b:2"), "n"),
    ],
)
def test_addresses_are_nodes_and_a_name(given: Any, hosts: tuple[str, ...], name: str) -> None:
    assert addresses(given) == (hosts, name)


@pytest.mark.parametrize(
    "given",
    [None, "", "news", "ftp://h/news", "http://h", "http://h/", "http://h/News", "http://h/_all",
     "http://a/x,http://b/y", "http://h:port/news", "http://h/news?x=1", "http:///news",
     "http://h/a.newsidx.b"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(given: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        addresses(given)
    assert caught.value.hint


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        addresses(f"https://me:{SECRET}@host/news")
    assert SECRET not in caught.value.message + (caught.value.hint or "")
    assert "NEWSIDX_OPENSEARCH_PASSWORD" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "options",
    [{"shards": 0}, {"replicas": -1}, {"shards": 5000}, {"colour": 1}, {"ca": "/no/file"}],
)
def test_options_that_cant_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        settled({"url": "http://h/n", **options})


def test_an_owner_stays_and_every_index_has_another() -> None:
    first, second = settled({"url": "http://h/n"}), settled({"url": "http://h/n"})
    assert first["owner"] != second["owner"]
    assert settled(first) == first


@pytest.mark.parametrize(
    ("physical", "found", "target"),
    [
        ("", ["n.newsidx.a.1", "n.newsidx.b.1"], "n"),
        ("n.newsidx.a.1", ["n.newsidx.a.1"], "n.newsidx.a.1"),
        ("n.newsidx.a.1", ["n.newsidx.a.1", "n.newsidx.b.7"], "n.newsidx.a.1,n"),
        # While it is built anew: by who has read the directory before, and by who writes.
        ("n.newsidx.a.9", ["n.newsidx.a.9", "n.newsidx.a.10", "n.newsidx.b.1"], "n"),
        ("n.newsidx.a.10", ["n.newsidx.a.9", "n.newsidx.a.10"], "n.newsidx.a.10"),
        (
            "n.newsidx.a.10",
            ["n.newsidx.a.9", "n.newsidx.a.10", "n.newsidx.b.1"],
            "n.newsidx.a.10,n.newsidx.b.1",
        ),
    ],
)
def test_nothing_is_searched_twice(physical: str, found: list[str], target: str) -> None:
    assert lifecycle._target(Home(("http://h:1",), "n", physical, "a"), found) == target


# Errors


class _Answer(BaseHTTPRequestHandler):
    status, body = 200, b"{}"
    seen: list[str]

    def _answer(self) -> None:
        self.seen.append(str(self.headers.get("authorization")))
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


for _method in ("GET", "POST", "PUT", "DELETE"):
    setattr(_Answer, f"do_{_method}", _Answer._answer)


@pytest.fixture
def answering() -> Iterator[Callable[[int, Any], tuple[str, list[str]]]]:
    servers = []

    def serve(status: int, body: Any) -> tuple[str, list[str]]:
        seen: list[str] = []
        text = json.dumps(body).encode()
        handler = type("Handler", (_Answer,), {"status": status, "body": text, "seen": seen})
        server = HTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", seen

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


Run = Callable[..., Finished]


def index(newsidx: Run, tmp_path: Path, url: str, *more: str, **env: str) -> Finished:
    (tmp_path / "in").mkdir(exist_ok=True)
    (tmp_path / "in/a.txt").write_text("The ferry sailed.")
    words = ("--index", tmp_path / "index", "--engine", "opensearch", "--url", url)
    return newsidx("index", tmp_path / "in", *words, *more, env=env)


def test_a_cluster_that_isnt_there_is_named_with_what_to_do(newsidx: Run, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    done = index(newsidx, tmp_path, f"http://127.0.0.1:{port}/news")
    assert done.status == 2
    assert f"http://127.0.0.1:{port}/news can't be reached" in done.err
    assert "curl" in done.err
    assert not (tmp_path / "index/manifest.json").exists()


def test_who_is_not_let_in_is_told_which_variables_to_set(
    newsidx: Run, tmp_path: Path, answering: Any
) -> None:
    url, _ = answering(401, {"error": "no"})
    done = index(newsidx, tmp_path, f"{url}/news")
    assert done.status == 2
    assert "(401)" in done.err
    assert "NEWSIDX_OPENSEARCH_USER" in done.err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"hello": "world"}, "is no OpenSearch"),
        ({"version": {"number": "8.1.0"}}, "is Elasticsearch 8.1.0"),
        ({"version": {"number": "1.3.0", "distribution": "opensearch"}}, "is opensearch 1.3.0"),
    ],
)
def test_what_answers_and_is_no_cluster_of_ours_is_said(
    newsidx: Run, tmp_path: Path, answering: Any, body: Any, said: str
) -> None:
    url, _ = answering(200, body)
    done = index(newsidx, tmp_path, f"{url}/news")
    assert done.status == 2
    assert said in done.err


def test_no_secret_is_printed_or_kept(newsidx: Run, tmp_path: Path, answering: Any) -> None:
    url, seen = answering(401, {"error": {"type": "x", "reason": "no"}})
    ways = [
        {"NEWSIDX_OPENSEARCH_USER": "me", "NEWSIDX_OPENSEARCH_PASSWORD": SECRET},
        {"NEWSIDX_OPENSEARCH_API_KEY": SECRET},
    ]
    for env in ways:
        for more in ((), ("--debug",), ("--json",)):
            done = index(newsidx, tmp_path, f"{url}/news", *more, **env)
            assert done.status == 2
            assert SECRET not in done.out + done.err
    assert any(each.startswith("Basic ") for each in seen)
    assert f"ApiKey {SECRET}" in seen
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes()


def test_a_name_without_a_password_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSIDX_OPENSEARCH_USER", "me")
    with pytest.raises(ConfigError):
        Cluster(HOME)


def test_without_the_package_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(EngineError) as caught:
        Cluster(HOME)
    assert caught.value.hint == "Install it: pip install 'newsidx[opensearch]'"


def test_certificates_are_checked_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    import opensearchpy

    given: dict[str, Any] = {}
    monkeypatch.setattr(opensearchpy, "OpenSearch", lambda *_, **more: given.update(more))
    Cluster(Home(("https://h:443",), "n", "", "o", ca="/certificates"))
    assert given["verify_certs"]
    assert given["ca_certs"] == "/certificates"
    monkeypatch.setenv("NEWSIDX_OPENSEARCH_VERIFY", "0")
    Cluster(Home(("https://h:443",), "n", "", "o"))
    assert not given["verify_certs"]


# Sending

HOME = Home(("http://127.0.0.1:9",), "n", "n.newsidx.o.1", "o")


class _Scripted:
    """A cluster that gives prepared answers, and keeps what it was sent."""

    home = HOME

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[list[bytes]] = []

    def call(self, method: str, path: str, body: bytes, *_: Any, **__: Any) -> Any:
        lines = body.splitlines()
        self.sent.append(lines)
        answer = self.answers.pop(0) if self.answers else {"errors": False}
        if isinstance(answer, Exception):
            raise answer
        return answer


class _Searched(_Scripted):
    """The same for searches."""

    asked: list[Any]

    def __init__(self, *answers: Any) -> None:
        super().__init__(*answers)
        self.asked = []

    def call(self, method: str, path: str, body: Any = None, *_: Any, **__: Any) -> Any:
        self.asked.append(path if isinstance(body, bytes) else body)
        return self.answers.pop(0)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    from newsidx.engines.opensearch import bulk

    monkeypatch.setattr(bulk, "pause", lambda _: 0.0)
    monkeypatch.setattr(client, "_FIRST_PATIENCE", 0.5)


LOST = {"type": "node_disconnected_exception", "reason": "[n1][phase/query/id] disconnected"}


def _items(*statuses: int) -> dict[str, Any]:
    error = {"type": "mapper_parsing_exception", "reason": "failed", "caused_by": {"reason": "why"}}
    return {
        "errors": True,
        "items": [
            {"index": {"status": status, **({} if status < 300 else {"error": error})}}
            for status in statuses
        ],
    }


def sent(cluster: _Scripted, *keys: str) -> Bulk:
    bulk = Bulk(cluster, "n")  # type: ignore[arg-type]
    for key in keys:
        bulk.index(key, b"{}")
    try:
        bulk.flush()
    finally:
        bulk.close()
    return bulk


def test_what_a_busy_cluster_refuses_is_sent_again_and_nothing_else() -> None:
    cluster = _Scripted(_items(200, 429, 503, 200), _items(429, 200))
    bulk = sent(cluster, "a", "b", "c", "d")
    keys = [[json.loads(line)["index"]["_id"] for line in lines[::2]] for lines in cluster.sent]
    assert keys == [["a", "b", "c", "d"], ["b", "c"], ["b"]]
    assert bulk.rejected == {}


def test_what_a_lost_node_did_not_take_is_sent_again() -> None:
    lost = {"errors": True, "items": [{"index": {"status": 500, "error": LOST}}]}
    cluster = _Scripted(lost, _items(200))
    assert sent(cluster, "a").rejected == {}
    assert len(cluster.sent) == 2


def test_what_is_refused_for_good_is_kept_with_the_reason() -> None:
    bulk = sent(_Scripted(_items(200, 400, 201)), "a", "b", "c")
    assert bulk.rejected == {"b": "The cluster rejected it: failed: why"}


@pytest.mark.parametrize("status", [403, 409, 500])
def test_what_is_no_fault_of_the_document_ends_the_run(status: int) -> None:
    with pytest.raises(EngineError, match="does not do what it is sent") as caught:
        sent(_Scripted(_items(200, status)), "a", "b")
    assert "failed: why" in caught.value.message


def test_a_deletion_that_fails_is_not_passed_over() -> None:
    error = {"type": "illegal_argument_exception", "reason": "no"}
    bulk = Bulk(
        _Scripted({"errors": True, "items": [{"delete": {"status": 400, "error": error}}]}),  # type: ignore[arg-type]
        "n",
    )
    bulk.delete(["a"])
    with pytest.raises(EngineError, match="does not do what it is sent"):
        bulk.flush()
    bulk.close()


def test_a_request_that_is_too_large_is_sent_in_halves() -> None:
    cluster = _Scripted(Refusal("too large", None, 413, ""))
    sent(cluster, "a", "b", "c")
    assert [len(lines) // 2 for lines in cluster.sent] == [3, 1, 2]


def test_an_index_that_is_gone_is_not_made_anew_by_sending_to_it() -> None:
    with pytest.raises(IndexDamaged):
        sent(_Scripted(NotThere("gone")), "a")


def test_of_several_searches_the_one_that_failed_is_asked_again_by_itself() -> None:
    found, again = {"hits": {"total": {"value": 1}}}, {"hits": {"total": {"value": 2}}}
    cluster = _Searched({"responses": [found, {"error": LOST, "status": 500}]}, again)
    bodies = [{"query": {"term": {"ranking": word}}} for word in ("ferry", "harbour")]
    assert Reader(cluster, "n").ask_each(bodies) == [found, again]  # type: ignore[arg-type]
    assert cluster.asked == ["/_msearch", bodies[1]]


def test_what_had_to_be_read_is_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(verify.time, "monotonic", lambda: now[0])
    nothing = {"hits": {"total": {"value": 0}, "hits": []}, "pit_id": "p"}
    cluster = _Searched(*[nothing] * 20)
    matching = verify.Verified(Reader(cluster, "n"), "en")  # type: ignore[arg-type]
    tree = bound.Term(("body",), "who", "who")
    between = Between({"match_none": {}}, {"match_all": {}})
    first = matching(between, tree)
    asked = len(cluster.asked)
    assert asked
    assert matching(between, tree) == first
    assert len(cluster.asked) == asked
    now[0] += 11  # by now others may have written
    matching(between, tree)
    assert len(cluster.asked) == 2 * asked


def test_a_cluster_that_stays_busy_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from newsidx.engines.opensearch import bulk

    monkeypatch.setattr(bulk, "_PATIENCE", 0.0)
    with pytest.raises(NewsidxError, match="too busy"):
        sent(_Scripted(*[_items(429)] * 9), "a")


@pytest.mark.parametrize(
    ("status", "error", "is_over_soon"),
    [
        (503, {"reason": "no cluster manager"}, True),
        (500, {"type": "search_phase_execution_exception", "root_cause": [LOST]}, True),
        (500, {"type": "x", "root_cause": [], "failed_shards": [{"reason": LOST}]}, True),
        (500, {"type": "remote_transport_exception", "caused_by": LOST}, True),
        (500, LOST, True),
        (500, {"type": "null_pointer_exception", "reason": "node_disconnected_exception"}, False),
        (500, None, False),
        (400, {"type": "parsing_exception", "caused_by": LOST}, False),
    ],
)
def test_a_lost_node_is_no_fault_of_the_request(
    status: int, error: Any, *, is_over_soon: bool
) -> None:
    assert passes(status, {"error": error}) is is_over_soon
    assert passes(status, error) is is_over_soon


def test_a_search_that_a_node_died_in_is_put_again(answering: Any) -> None:
    url, seen = answering(500, {"error": {"root_cause": [LOST]}})
    with pytest.raises(Refusal) as caught:
        Cluster(Home((url,), "n", "", "o")).call("GET", "/", patience=0.4)
    assert caught.value.hint == "Wait until it has recovered, and try again."
    assert len(seen) > 2


def test_every_attempt_has_all_that_was_asked_for(
    answering: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _ = answering(503, {})
    cluster = Cluster(Home((url,), "n", "", "o"))
    perform, given = cluster._client.transport.perform_request, []

    def watched(method: str, path: str, params: dict[str, Any], body: Any) -> Any:
        given.append(dict(params))
        return perform(method, path, params, body)

    monkeypatch.setattr(cluster._client.transport, "perform_request", watched)
    with pytest.raises(Refusal):
        cluster.call("GET", "/", params={"timeout": "1s"}, timeout=7.0, patience=0.4)
    assert len(given) > 2
    assert given == [{"timeout": "1s", "request_timeout": 7.0}] * len(given)


def test_a_busy_answer_is_asked_for_again_for_a_while(answering: Any) -> None:
    url, seen = answering(503, {"error": {"reason": "no cluster manager"}})
    with pytest.raises(Refusal) as caught:
        Cluster(Home((url,), "n", "", "o")).call("GET", "/", patience=0.4)
    assert caught.value.status == 503
    assert len(seen) > 2
