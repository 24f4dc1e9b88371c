"""What a worker does for the map: tiles made ahead, and old ones cleared away."""

from typing import Any

from kulan.web.atlas.warming import clear_tiles, renew_statistics, warm
from kulan.web.jobs.housekeeping import housekeeping
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue, work

WARM = "tiles"


@work(WARM)
def make_tiles(job: Job) -> dict[str, Any]:
    """Make the tiles that will be asked for first."""
    renew_statistics()
    return {"made": warm(job.tell)}


def warm_soon() -> None:
    """Have the tiles made by a worker, unless that is about to happen anyway."""
    if not Job.objects.filter(kind=WARM, state=Job.State.QUEUED).exists():
        enqueue(WARM, {}, by=None)


@housekeeping("tiles")
def old_tiles() -> int:
    """Clear away tiles of sights that nobody has any more, and make those that are missing."""
    warm_soon()
    return clear_tiles()
