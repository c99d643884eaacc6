"""Who we are to a cluster: from the environment or the keyring, and nowhere else.

Nothing here is printed, kept or part of any error.
"""

from __future__ import annotations

import os
from typing import Any

from newsidx.errors import ConfigError

__all__ = ["API_KEY", "PASSWORD", "SERVICE", "USER", "credentials", "verifies"]

USER = "NEWSIDX_OPENSEARCH_USER"
PASSWORD = "NEWSIDX_OPENSEARCH_PASSWORD"  # noqa: S105 - the name of a variable
API_KEY = "NEWSIDX_OPENSEARCH_API_KEY"
VERIFY = "NEWSIDX_OPENSEARCH_VERIFY"

SERVICE = "newsidx"
"""Under which the keyring is asked, with the name of the user; `api-key` for a key."""


def credentials() -> dict[str, Any]:
    """Arguments for the client that say who we are; none where nothing is known.

    Raises:
        ConfigError: There is a name and no password for it.
    """
    if key := os.environ.get(API_KEY):
        return {"headers": {"authorization": f"ApiKey {key}"}}
    user = os.environ.get(USER)
    if not user:
        stored = _from_keyring("api-key")
        return {"headers": {"authorization": f"ApiKey {stored}"}} if stored else {}
    password = os.environ.get(PASSWORD) or _from_keyring(user)
    if not password:
        raise ConfigError(
            f"${USER} is set, and no password for it.",
            f"Set ${PASSWORD}, or keep it: keyring set {SERVICE} NAME",
        )
    return {"http_auth": (user, password)}


def verifies() -> bool:
    """Whether the certificate of the cluster is checked: always, unless told otherwise."""
    return os.environ.get(VERIFY, "1").lower() not in ("0", "no", "false")


def _from_keyring(name: str) -> str | None:
    """A secret of the user's keyring, where there is one and the package to ask it."""
    try:
        import keyring
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except Exception:
        return None
    return found
