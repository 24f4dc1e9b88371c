"""How the documentation is built: `make docs`, offline, a warning is an error."""

from kulan import __version__

project = "Kulan"
author = "The Kulan contributors"
copyright = "The Kulan contributors, Apache-2.0"
version = release = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
source_suffix = {".md": "markdown"}
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
nitpick_ignore_regex = [
    # types of other libraries have no page here, and no page is fetched from elsewhere
    (r"py:.*", r"(?!kulan\.).*"),
    # names that an area keeps to itself appear in signatures and have no entry of their own
    (r"py:class", r"kulan\.\w+\.\w+\.\w+"),
]

html_theme = "furo"
html_title = f"Kulan {__version__}"
html_copy_source = False
html_show_sphinx = False
