"""How far a share that was counted may be from the one that lies behind it."""

from __future__ import annotations

import math

__all__ = ["wilson"]

# The 97.5 % quantile of the normal distribution.
_Z = 1.959964


def wilson(n: int, base: int) -> tuple[float, float]:
    """The 95 % score interval of a share n of base, both ends from 0 to 1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927). It holds for few articles
    too, and never leaves 0 to 1.

    Args:
        base: At least 1.
    """
    share, square = n / base, _Z * _Z
    middle = share + square / (2 * base)
    spread = _Z * math.sqrt(share * (1 - share) / base + square / (4 * base * base))
    scale = 1 + square / base
    lower, upper = (middle - spread) / scale, (middle + spread) / scale
    # At the ends rounding must not leave a trace.
    return (0.0 if n == 0 else max(0.0, lower)), (1.0 if n == base else min(1.0, upper))
