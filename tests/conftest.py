"""What tests share: articles made in a line, an environment of their own, real data."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from newsidx import durable
from newsidx.article import Article, Published, article_id
from newsidx.index import alerts, ledger
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.text.tokens import lowered
from tests.processes import Finished, finished

REPOSITORY = Path(__file__).resolve().parent.parent

settings.register_profile(
    "newsidx",
    deadline=None,  # these machines are shared, and timing is not what tests are about
    derandomize=bool(os.environ.get("CI")),  # there a change is judged, here more is found
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("newsidx")


def pytest_configure() -> None:
    """Processes that tests start can be interrupted, also where nohup or & started the tests."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            handler = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, handler)


def make_article(title: str = "", body: str = "", **fields: Any) -> Article:
    """An article whose id follows from its title, body and path unless given."""
    published = fields.get("published")
    if isinstance(published, str):
        fields["published"] = Published.from_iso(published)
    for name in ("authors", "tags"):
        fields[name] = tuple(fields.get(name, ()))
    fields.setdefault("id", article_id(f"{title}|{body}|{fields.get('path', '')}"))
    fields.setdefault("words", len(lowered(body)))
    return Article(title=title, body=body, **fields)


@pytest.fixture
def article() -> Callable[..., Article]:
    return make_article


@pytest.fixture(autouse=True)
def own_environment(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """No test sees the configuration or the index of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("NEWSIDX_", "XDG_")) and name != "NEWSIDX_TEST_DATA":
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture(scope="session", autouse=True)
def hasty() -> Iterator[None]:
    """No test here outlives a loss of power, so none waits for the disk."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(durable, "_sync", lambda _: None)
        for module in (ledger, alerts):
            patched.setattr(module, "SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(scope="session")
def sample_data() -> Path:
    return REPOSITORY / "sample_data"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Path:
    """An index of sample_data."""
    index = tmp_path_factory.mktemp("demo") / "index"
    create_index(index, "whoosh", "en")
    run(index, [str(sample_data)], RunOptions(jobs=1))
    return index


@pytest.fixture(scope="session")
def newsidx() -> Callable[..., Finished]:
    """Run the command line in a process of its own."""
    return finished


@pytest.fixture(scope="session")
def data() -> Path:
    """Real news data beside the checkout, for tests that want it."""
    named = os.environ.get("NEWSIDX_TEST_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no test data: set NEWSIDX_TEST_DATA to a folder that holds it")
    return folder
