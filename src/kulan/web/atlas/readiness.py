"""What a process that answers for the map has ready before the first reader asks for it."""

import logging
import threading

from django.db import DatabaseError, connections

from kulan.errors import KulanError
from kulan.web.atlas.listing import kept_listing, map_versions
from kulan.web.atlas.search import gazetteer
from kulan.web.policy import PUBLIC
from kulan.words import LANGUAGES, words_in

_log = logging.getLogger(__name__)


def get_ready() -> None:
    """Make the public's names for the search, and its lists of layers, in every language."""
    for code in LANGUAGES:
        kept_listing(PUBLIC, words_in(code))
    gazetteer(PUBLIC, map_versions(PUBLIC)).search("saiga")


def get_ready_beside() -> threading.Thread:
    """Do so in a thread of its own; requests meanwhile are answered, only more slowly."""

    def run() -> None:
        try:
            get_ready()
        except (DatabaseError, KulanError, OSError) as problem:
            _log.warning("the map could not be made ready: %s", problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, name="get ready", daemon=True)
    thread.start()
    return thread
