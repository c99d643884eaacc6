"""Shares and rates: to a sensible number of digits, for programs and for people."""

from __future__ import annotations

__all__ = ["percent", "rate", "rounded"]


def rounded(value: float | None) -> float | None:
    """A number to six significant digits, so that no machine's last bit is printed."""
    return None if value is None else float(f"{value:.6g}")


def percent(share: float) -> str:
    """A share in at most six characters: `12.3 %`, `0.05 %`, `100 %`, and `0 %` for none."""
    value = 100 * share
    if value == 0 or value >= 99.95:
        return f"{value:.0f} %"
    if value >= 0.995:
        return f"{value:.1f} %"
    return f"{value:.2f} %" if value >= 0.005 else "<.01 %"


def rate(value: float) -> str:
    """A rate in few characters: `1,204`, `36.5`, `0.25`, and `0` for none."""
    if value == 0 or value >= 99.5:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"
