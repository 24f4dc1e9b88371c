"""Styles for QGIS (QML), one symbol to a layer: enough to tell layers apart when opened."""

from string import Template
from xml.sax.saxutils import quoteattr

_SHEET = Template(
    '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">\n'
    '<qgis version="3.28" styleCategories="Symbology|Labeling">\n'
    ' <renderer-v2 type="singleSymbol" forceraster="0" symbollevels="0" enableorderby="0">\n'
    "  <symbols>\n"
    '   <symbol type="$kind" name="0" alpha="1" clip_to_extent="1" force_rhr="0">\n'
    '    <layer class="$layer_class" enabled="1" locked="0" pass="0">\n'
    '     <Option type="Map">\n$options     </Option>\n'
    "    </layer>\n"
    "   </symbol>\n"
    "  </symbols>\n"
    " </renderer-v2>\n$labels</qgis>\n"
)
_LABELS = Template(
    ' <labeling type="simple"><settings>'
    '<text-style fieldName=$field fontSize="8" textColor="27,31,35,255"/>'
    "</settings></labeling>\n"
)


def line_style(colour: str, width_mm: float, *, label: str = "") -> str:
    """Return a style of plain lines, with a field as label if one is named."""
    options = {"line_color": _rgba(colour), "line_width": f"{width_mm:g}", "line_width_unit": "MM"}
    return _style("line", "SimpleLine", options, label)


def fill_style(colour: str, *, label: str = "") -> str:
    """Return a style of pale areas with a darker edge."""
    options = {
        "color": _rgba(colour, 40),
        "outline_color": _rgba(colour),
        "outline_width": "0.4",
        "outline_width_unit": "MM",
        "style": "solid",
    }
    return _style("fill", "SimpleFill", options, label)


def marker_style(colour: str, *, label: str = "") -> str:
    """Return a style of diamonds."""
    options = {
        "name": "diamond",
        "color": "255,255,255,255",
        "outline_color": _rgba(colour),
        "size": "3",
        "size_unit": "MM",
    }
    return _style("marker", "SimpleMarker", options, label)


def _rgba(colour: str, alpha: int = 255) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _style(kind: str, layer_class: str, options: dict[str, str], label: str) -> str:
    lines = "".join(
        f'      <Option type="QString" name="{name}" value="{value}"/>\n'
        for name, value in options.items()
    )
    labels = _LABELS.substitute(field=quoteattr(label)) if label else ""
    return _SHEET.substitute(kind=kind, layer_class=layer_class, options=lines, labels=labels)
