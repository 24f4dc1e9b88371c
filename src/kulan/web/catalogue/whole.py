"""The whole catalogue as one DCAT document."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from kulan.exchange.dcat import write_dcat
from kulan.web.catalogue.description import PUBLISHER, absolute, record_of
from kulan.web.catalogue.models import LayerVersion
from kulan.web.policy import Viewer


def dcat_catalogue(versions: Iterable[LayerVersion], viewer: Viewer, request: HttpRequest) -> bytes:
    """Return the records of versions as a `dcat:Catalog` in JSON-LD.

    References
    ----------
    W3C (2024). Data Catalog Vocabulary (DCAT) - Version 3. https://www.w3.org/TR/vocab-dcat-3/
    """
    context: Any = {}
    datasets = []
    for version in versions:
        dataset = json.loads(write_dcat(record_of(version, viewer, request)))
        context = dataset.pop("@context")
        datasets.append(dataset)
    catalogue = {
        "@context": context,
        "@type": "dcat:Catalog",
        "@id": absolute(request, "/layers"),
        "dct:title": [{"@value": PUBLISHER, "@language": "en"}],
        "dcat:dataset": datasets,
    }
    text = json.dumps(catalogue, ensure_ascii=False, indent=2)
    return text.replace("<", "\\u003c").encode() + b"\n"
