"""How a record moves from stage to stage."""

from kulan.programme.registers.fields import Register, Stage


def moves(register: Register, now: str) -> tuple[Stage, ...]:
    """Return the stages a record may be moved to.

    Forward to any later one, since records are often written down after the fact; to an end from
    anywhere; and back by one, for what was set by mistake. What has ended may be taken up again.

    Parameters
    ----------
    register
        Which declares the stages.
    now
        Code of the stage the record is in.

    Examples
    --------
    >>> from kulan.programme.registers import register
    >>> [stage.code for stage in moves(register("agreements"), "signed")]
    ['agreed', 'in_force', 'ended']
    >>> [stage.code for stage in moves(register("agreements"), "ended")]
    ['proposed', 'negotiated', 'agreed', 'signed', 'in_force']
    """
    codes = [stage.code for stage in register.stages]
    if now not in codes:
        return ()
    place = codes.index(now)
    back = register.stages[max(place - 1, 0) : place]
    if register.stages[place].ended:
        return tuple(stage for stage in register.stages if not stage.ended)
    return (*back, *register.stages[place + 1 :])


def counts(register: Register, stage: str) -> bool:
    """Whether a record in a stage shows that something was done.

    Parameters
    ----------
    register
        A register without stages counts every record.
    stage
        Code of the record's stage.
    """
    if not register.stages:
        return True
    known = register.stage(stage)
    return known is not None and known.counts
