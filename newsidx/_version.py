"""The version, alone, so that reading it costs nothing."""

__version__ = "0.1.0"

RELEASED = "2026-11-23"
"""The day of this version, for what names one."""
