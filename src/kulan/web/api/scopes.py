"""What a token may be given: never more than its owner may do, often less."""

from django.db import models

from kulan.web.language import say_lazy as _


class Scope(models.TextChoices):
    """One thing a program may do for a person."""

    READ = "read", _("Read layers, species and records as I see them")
    RECORDS = "records", _("Propose population records")
    SCREENINGS = "screenings", _("Start screenings and read mine")
    UPLOAD = "upload", _("Bring layers")
