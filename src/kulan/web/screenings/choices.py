"""Closed lists of the form, in the words the report uses for the same things."""

from kulan.report.sentences import CODES
from kulan.vocabulary import BARRIER_STATUSES, BARRIER_TYPES, FENCE_TYPES, LAYER_KINDS
from kulan.web.language import say_lazy as _

Choices = tuple[tuple[str, object], ...]


def _list(codes: tuple[str, ...], kind: str, empty: object) -> Choices:
    return (("", empty), *((code, _(CODES[kind][code])) for code in codes))


TYPES = _list(BARRIER_TYPES, "barrier_type", _("As the file says"))
STATUSES = _list(BARRIER_STATUSES, "status", _("As the file says; planned where it does not"))
FENCES = _list(FENCE_TYPES, "fence_type", _("As the file says"))
KINDS = _list(LAYER_KINDS, "layer_kind", _("A range where a species is named"))
