"""The one policy: who may see what, how finely, and who may do what.

Every list, tile, page, search, export and count begins here.
"""

from kulan.web.policy.layers import visible_layers, visible_versions
from kulan.web.policy.released import released_version, released_versions
from kulan.web.policy.renditions import fingerprint, renditions
from kulan.web.policy.viewer import PUBLIC, Viewer, viewer_of

__all__ = [
    "PUBLIC",
    "Viewer",
    "fingerprint",
    "released_version",
    "released_versions",
    "renditions",
    "viewer_of",
    "visible_layers",
    "visible_versions",
]
