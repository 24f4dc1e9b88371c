"""The line at the foot of a picture: of which files it was made, by which version and recipe."""

from collections.abc import Sequence

from kulan import __version__
from kulan.provenance import Recipe
from kulan.report.reader import Reader

_MOST_INPUTS = 6


def shortened(names: Sequence[str], reader: Reader, *, most: int) -> str:
    """List names, each once; of more than `most` those beyond are counted.

    Examples
    --------
    >>> from kulan.words import words_in
    >>> shortened(["Road", "Fence", "Road", "Canal"], Reader(words_in("en")), most=2)
    'Road, Fence and 1 more'
    """
    once = list(dict.fromkeys(names))
    if len(once) <= most:
        return ", ".join(once)
    return reader.say_count(
        "{names} and {count} more",
        "{names} and {count} more",
        len(once) - most,
        names=", ".join(once[:most]),
    )


def source_line(recipe: Recipe, reader: Reader) -> str:
    """Return the line at the foot of a picture: files, version and recipe.

    Parameters
    ----------
    recipe
        Of what is drawn.
    reader
        The reader's language.
    """
    return reader.say(
        "{inputs}. Kulan {version}, recipe {recipe}.",
        inputs=shortened([one.name for one in recipe.inputs], reader, most=_MOST_INPUTS),
        version=__version__,
        recipe=recipe.digest[:12],
    )
