"""The columns every row with a shape has."""

from django.db import models

from kulan.web.geometry.field import GeometryField


class Located(models.Model):
    """A row with a shape, and the bounds the shape fills in.

    Its migration must index it: ``SpatialIndex("name of the model")``.
    """

    geometry = GeometryField()
    west = models.FloatField(editable=False)
    south = models.FloatField(editable=False)
    east = models.FloatField(editable=False)
    north = models.FloatField(editable=False)

    class Meta:
        abstract = True
