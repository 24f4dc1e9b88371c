"""Telemetry in and out: fixes of collars and tags from the files in which people keep them."""

from kulan.exchange.telemetry.asked import (
    LOCAL_METRES,
    TelemetryAsked,
    read_mapping,
    zone_of,
)
from kulan.exchange.telemetry.fixes_files import write_fixes
from kulan.exchange.telemetry.point_layers import LOCAL_SYSTEM
from kulan.exchange.telemetry.reading import FixesReading, TelemetryFile, read_fixes
from kulan.exchange.telemetry.scanning import scan_fixes

__all__ = [
    "LOCAL_METRES",
    "LOCAL_SYSTEM",
    "FixesReading",
    "TelemetryAsked",
    "TelemetryFile",
    "read_fixes",
    "read_mapping",
    "scan_fixes",
    "write_fixes",
    "zone_of",
]
