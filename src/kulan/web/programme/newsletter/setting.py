"""A letter as mail programs want it."""

import css_inline

from kulan.report.newsletter import Letter, letter_html

_INLINER = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


def as_html(told: Letter) -> bytes:
    """Return a letter as HTML with its styles in the elements, as mail programs want them."""
    return _INLINER.inline(letter_html(told)).encode()
