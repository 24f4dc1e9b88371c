"""The card's kernels on the processor, for all tests of this folder."""

from pathlib import Path

import pytest

from card_on_host import COMPILER, WITHOUT_COMPILER, HostDevice, compile_for_host
from kulan.connectivity.gpu import devices
from kulan.connectivity.gpu.devices import Stored


@pytest.fixture(scope="session")
def libraries(tmp_path_factory) -> dict[Stored, Path]:
    if COMPILER is None:
        pytest.skip(WITHOUT_COMPILER)
    folder = tmp_path_factory.mktemp("kernels")
    names: tuple[Stored, ...] = ("float", "double")
    return {stored: compile_for_host(folder, stored) for stored in names}


@pytest.fixture
def card(libraries, monkeypatch) -> dict[Stored, HostDevice]:
    """Let the processor stand in wherever a card is opened; what was started on it is kept."""
    opened = {stored: HostDevice(library, stored) for stored, library in libraries.items()}
    monkeypatch.setattr(devices, "open_card", opened.__getitem__)
    return opened
