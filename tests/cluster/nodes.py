"""Nodes of an OpenSearch in processes of their own, started and stopped by their ids."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from tests.cluster.java import Missing, java_for, libraries

__all__ = ["Nodes", "free_ports", "get"]

_HEAP = "512m"
_STARTING = 180.0  # seconds; ten on a machine with nothing else to do


def free_ports(count: int) -> list[int]:
    """Ports on which nothing listens now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def get(url: str, timeout: float = 5.0) -> Any:
    """What a node answers, or None where it doesn't."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return json.load(answer)
    except HTTPError as problem:
        return json.loads(problem.read() or b"null")
    except (OSError, ValueError):
        return None


@dataclass
class Nodes:
    """A cluster.

    Attributes:
        folder: For what the nodes write.
        count: Of nodes, each a process.
    """

    folder: Path
    major: int
    count: int = 1
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Start all, and wait until they have found each other."""
        ports = free_ports(2 * self.count)
        self.http, self.transport = ports[: self.count], ports[self.count :]
        for number in range(self.count):
            self.start_one(number)
        self.wait(self.count)

    @property
    def urls(self) -> list[str]:
        """The addresses of all nodes."""
        return [f"http://127.0.0.1:{port}" for port in self.http]

    def start_one(self, number: int) -> None:
        """Start a node, on the data that it has if it ran before."""
        home, config = self.folder / f"n{number}", self.folder / f"c{number}"
        config.mkdir(parents=True, exist_ok=True)
        home.mkdir(exist_ok=True)
        (config / "opensearch.yml").write_text("\n".join(self._settings(number)) + "\n")
        command = [
            *java_for(self.major), f"-Xms{_HEAP}", f"-Xmx{_HEAP}",
            "-cp", f"{libraries(self.major)}/*", "org.codelibs.opensearch.runner.OpenSearchRunner",
            "-basePath", str(home), "-confPath", str(config), "-numOfNode", "1",
            "-clusterName", f"newsidx-{os.getpid()}",
        ]  # fmt: skip
        with (self.folder / f"log{number}").open("ab") as log:
            self.processes[number] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _settings(self, number: int) -> list[str]:
        lines = [
            f"force.node.name: n{number}",
            "network.host: 127.0.0.1",
            f"force.http.port: {self.http[number]}",
            f"transport.port: {self.transport[number]}",
            "cluster.max_shards_per_node: 5000",
            "cluster.routing.allocation.disk.threshold_enabled: false",
        ]
        if self.count > 1:
            every = ", ".join(f'"127.0.0.1:{port}"' for port in self.transport)
            lines.append(f"discovery.seed_hosts: [{every}]")
            lines.append(f"cluster.initial_cluster_manager_nodes: [{every}]")
        return lines

    def wait(self, count: int, status: str = "green") -> None:
        """Wait until so many nodes are one cluster, with a status of health."""
        end = time.monotonic() + _STARTING
        while time.monotonic() < end:
            for number, process in self.processes.items():
                if process.poll() is not None:
                    log = (self.folder / f"log{number}").read_text(errors="replace")[-600:]
                    raise Missing(f"OpenSearch ended while it started: {log}")
            for url in self.urls:
                health = get(f"{url}/_cluster/health") or {}
                if health.get("number_of_nodes") == count and health.get("status") == status:
                    return
            time.sleep(0.3)
        raise Missing(f"OpenSearch was not ready after {_STARTING:.0f} seconds")

    def kill(self, number: int) -> None:
        """Kill a node as a loss of power would (SIGKILL), by its id."""
        process = self.processes.pop(number)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End all, and wait for it."""
        for process in self.processes.values():
            process.kill()  # nothing of it is wanted any more
        for process in self.processes.values():
            process.wait()
        self.processes.clear()
