"""A process of its own for PDF: what a file does to the library, it does there.

PDFium is as well tested as a program can be, and yet a file of two kilobytes can keep
it busy for years or take all memory there is: forms that draw forms that draw forms.
No limit can be set to it from within, but one to its process. The process is started
for the first PDF, which takes a tenth of a second, and reads those that follow too.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from newsidx.errors import ReadError

__all__ = ["read_apart", "serve"]

# Seconds of computing and bytes of memory (beside the file's own) for one document. The
# thickest newspaper takes two seconds and a hundred megabytes.
_SECONDS = 60
_MEMORY = 768 * 1024 * 1024
# A process that has read this much is replaced, since it may have grown with it.
_ENOUGH = 32 * 1024 * 1024

_CODE = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]);"
    "from newsidx.readers.documents.pdfprocess import serve; serve(*map(int, sys.argv[2:]))"
)
_LENGTH = 8
_TOO_MUCH = "reading it takes more time or memory than any document should"

_lock = threading.Lock()
_kept: list[_Child] = []


def read_apart(blocks: Iterable[bytes]) -> dict[str, Any]:
    """What `pdflines.read_pdf` says of a document, found out in another process.

    Args:
        blocks: Its bytes.

    Raises:
        ReadError: What `read_pdf` raises; `too-large` when it takes more time or memory
            than any honest document, `malformed` when the library breaks down over it.
    """
    with _lock:
        if not _kept or not _kept[0].is_usable():
            _stop()
            _kept.append(_Child())
        try:
            reply = _kept[0].ask(blocks)
        except BaseException:
            _stop()
            raise
    if "reason" in reply:
        raise ReadError(reply["reason"], reply["message"])
    return reply


@atexit.register
def _stop() -> None:
    while _kept:
        _kept.pop().stop()


class _Child:
    """The process, seen from here."""

    def __init__(self) -> None:
        import subprocess

        self._owner = os.getpid()
        self._sent = 0
        # -P: no module is taken from the current folder, which may be a stranger's.
        command = [sys.executable, "-P", "-c", _CODE, json.dumps(sys.path)]
        self._process = subprocess.Popen(  # noqa: S603 - it is this program itself
            [*command, str(_SECONDS), str(_MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is for us, who then end it
        )

    def is_usable(self) -> bool:
        """Whether it lives, has not done enough, and is not that of who forked us."""
        is_ours = self._owner == os.getpid()
        return is_ours and self._sent < _ENOUGH and self._process.poll() is None

    def ask(self, blocks: Iterable[bytes]) -> dict[str, Any]:
        """Have it read a document; raises ReadError when it does not survive that."""
        process = self._process
        assert process.stdin
        assert process.stdout
        with suppress(BrokenPipeError):
            self._sent += _send(process.stdin, blocks)
        answer = _receive(process.stdout)
        if answer is None:
            raise _verdict(process.wait())
        reply: dict[str, Any] = json.loads(answer)
        return reply

    def stop(self) -> None:
        """End it, if it is ours to end."""
        process = self._process
        if self._owner == os.getpid():
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()


def _verdict(status: int) -> ReadError:
    """What it means that the process ended over a document."""
    import signal

    ended = signal.Signals(-status).name if -status in signal.valid_signals() else str(status)
    # Out of time; out of memory, as PDFium and as the system says it.
    if ended in ("SIGXCPU", "SIGABRT", "SIGKILL"):
        return ReadError("too-large", _TOO_MUCH)
    return ReadError("malformed", f"the PDF library breaks down over it ({ended})")


def serve(seconds: int, memory: int) -> None:
    """Read documents from standard input until there are no more, or nobody waits for them.

    Args:
        seconds: Of computing, for each document.
        memory: Bytes for each, beside its own.
    """
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    while (data := _receive(sys.stdin.buffer)) is not None:
        _limit(seconds, memory + len(data))
        _send(sys.stdout.buffer, [json.dumps(_answer(data)).encode()])


def _answer(data: bytearray) -> dict[str, Any]:
    import ctypes

    try:
        from newsidx.readers.documents.pdflines import read_pdf

        return read_pdf((ctypes.c_char * len(data)).from_buffer(data))
    except ReadError as error:
        return {"reason": error.reason, "message": error.message}
    except MemoryError:
        return {"reason": "too-large", "message": _TOO_MUCH}
    except ImportError as error:
        return {"reason": "missing-extra", "message": f"the PDF library can't be loaded: {error}"}
    except Exception as error:
        # Whatever a strange file sets off in the library's binding.
        message = f"the PDF library can't read it ({type(error).__name__}: {error})"
        return {"reason": "malformed", "message": message}


def _watch(parent: int) -> None:
    """End this process with its parent, though the library be busy."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _limit(seconds: int, memory: int) -> None:
    """Set the bounds for the next document, where the system has such."""
    try:
        import resource
    except ImportError:
        return
    bounds = (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, int(time.process_time()) + 1 + seconds),
        (resource.RLIMIT_AS, memory),
    )
    for kind, bound in bounds:
        hard = resource.getrlimit(kind)[1]
        if hard == resource.RLIM_INFINITY or bound < hard:
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (bound, hard))


def _send(pipe: Any, blocks: Iterable[bytes]) -> int:
    """Send a message of some blocks, none of them empty; returns its length."""
    size = 0
    for block in blocks:
        size += len(block)
        pipe.write(len(block).to_bytes(_LENGTH, "big"))
        pipe.write(block)
    pipe.write(bytes(_LENGTH))
    pipe.flush()
    return size


def _receive(pipe: Any) -> bytearray | None:
    """The next message; None when there will be none."""
    data = bytearray()
    while len(length := pipe.read(_LENGTH)) == _LENGTH:
        if not any(length):
            return data
        data += pipe.read(int.from_bytes(length, "big"))
    return None
