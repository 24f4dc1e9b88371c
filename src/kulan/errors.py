"""Every way Kulan says no.

Each message says what was found, where, and what to do next. `exit_code` is what the command line
returns, so that a script can tell a bad file from a missing Atlas without reading the message.
"""

from typing import Any


class KulanError(Exception):
    """Something Kulan refuses to do, said in words meant for the person at the keyboard."""

    exit_code = 1


class InvalidFileError(KulanError):
    """A file is not what its name or its contents claim."""

    exit_code = 10


class UnknownCrsError(InvalidFileError):
    """A file does not say where on Earth its coordinates lie, or says it in doubtful words."""

    exit_code = 11


class InvalidGeometryError(KulanError):
    """A shape cannot be used for what was asked of it."""

    exit_code = 12


class InvalidTableError(KulanError):
    """A table lacks columns, or holds values its declaration does not allow."""

    exit_code = 13


class UnknownNameError(KulanError):
    """A species, state, layer, barrier type or language is not one Kulan knows."""

    exit_code = 14


class OutsideRegionError(KulanError):
    """Everything that was given lies outside the region the Atlas covers."""

    exit_code = 15


class TooLargeError(KulanError):
    """An input is larger than Kulan will read or compute in one piece."""

    exit_code = 16


class WorkerLostError(KulanError):
    """A process that worked on a part of a long run has ended before its part was done."""

    exit_code = 17


class InvalidGridError(KulanError):
    """A raster, or what is placed on it, cannot be used for what was asked of it."""

    exit_code = 18


class NotSolvedError(KulanError):
    """No solver found potentials that balance the currents to the tolerance asked for."""

    exit_code = 19
    # the tries of solvers, see `kulan.connectivity.circuits.solving.Attempt`
    attempts: tuple[Any, ...] = ()


class AtlasMissingError(KulanError):
    """There is no Atlas, or no such release or layer, in the state folder."""

    exit_code = 20


class TamperedFileError(KulanError):
    """A stored file no longer has the content its hash promises."""

    exit_code = 21


class NotEnoughDataError(KulanError):
    """There are too few observations for what is asked of them."""

    exit_code = 22


class OutputExistsError(KulanError):
    """The place to write to already holds something that Kulan will not overwrite."""

    exit_code = 30


class OutputDeniedError(KulanError):
    """The place to write to cannot be written: a file is in the way, or rights or room lack."""

    exit_code = 31


class MissingExtraError(KulanError):
    """An optional part of Kulan is needed and not installed."""

    exit_code = 40


class AccessDeniedError(KulanError):
    """Someone asks for what their account does not let them do."""

    exit_code = 50


class NotAllowedNowError(KulanError):
    """Nobody may do this in the state in which the thing is now."""

    exit_code = 51


class TooManyRequestsError(KulanError):
    """Someone asks more often than the server lets one person ask."""

    exit_code = 52
    # seconds after which to ask again
    wait_s: int = 1


class InvalidSettingError(KulanError):
    """A setting of the web application does not say what it must."""

    exit_code = 53


class AlreadyInUseError(KulanError):
    """Another program has what this one needs for itself: a port, or the state folder."""

    exit_code = 54


class UnhealthyError(KulanError):
    """`kulan check` found something that somebody must see to."""

    exit_code = 55


class InvalidRequestError(KulanError):
    """A program asks in words that the service does not know, or that say nothing it can do."""

    exit_code = 60


class InvalidTokenError(KulanError):
    """The token that a program shows was never given out, has ended, or is past its day."""

    exit_code = 61


class DifferentCurrenciesError(KulanError):
    """Amounts of different currencies are added or compared as if they were of one."""

    exit_code = 70


class UnbalancedEntryError(KulanError):
    """An entry's debits are not its credits, in one of its funds or currencies."""

    exit_code = 71


class InvalidAnswerError(KulanError):
    """An answer does not fit the question it is given to."""

    exit_code = 80


class InvalidFormError(InvalidFileError):
    """A reporting form is another cycle's, was changed where it must not be, or is no form."""

    exit_code = 81
