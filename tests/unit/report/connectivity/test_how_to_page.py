"""The page on drawing maps: its code runs as it stands, and draws what the page shows."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "draw-connectivity-maps.md"
IMAGES = PAGE.parents[1] / "images"


@pytest.mark.slow
def test_the_code_of_the_page_draws_its_pictures(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    # coarser cells than on the page: the same pictures, sooner
    code = "\n".join(blocks).replace("cell_m=5_000", "cell_m=20_000")
    exec(compile(code, str(PAGE), "exec"), {})
    for name in ("current", "change", "crossings"):
        picture = np.asarray(Image.open(tmp_path / f"{name}.png").convert("RGB"))
        assert picture.shape[1] > 1000
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50


def test_the_pictures_of_the_page_are_there_and_small():
    shown = re.findall(r"\]\(\.\./images/(\S+)\)", PAGE.read_text(encoding="utf-8"))
    assert len(shown) == 3
    assert all((IMAGES / name).stat().st_size < 300_000 for name in shown)
