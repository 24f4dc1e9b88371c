"""An assessment from files to files: what the command line and the web application both call."""

from kulan.assessment.answer import Answer, answer_question
from kulan.assessment.dossier import DOSSIER_FILES, check_place, write_dossier
from kulan.assessment.layers import LayerGiven, parse_layer
from kulan.assessment.question import Question, Told, read_question

__all__ = [
    "DOSSIER_FILES",
    "Answer",
    "LayerGiven",
    "Question",
    "Told",
    "answer_question",
    "check_place",
    "parse_layer",
    "read_question",
    "write_dossier",
]
