"""Terms of Darwin Core that an archive of occurrences carries, and what their values may be."""

import re

# the List of Darwin Core terms of 2026-05-26; those of Dublin Core keep their own namespace
_DWC = "http://rs.tdwg.org/dwc/terms/"
_DCTERMS = "http://purl.org/dc/terms/"
_DUBLIN = (
    "type modified language license rightsHolder accessRights bibliographicCitation references"
)
_DARWIN = """
    institutionID collectionID datasetID institutionCode collectionCode datasetName
    ownerInstitutionCode basisOfRecord informationWithheld dataGeneralizations dynamicProperties
    occurrenceID catalogNumber recordNumber recordedBy recordedByID individualCount
    organismQuantity organismQuantityType sex lifeStage reproductiveCondition behavior vitality
    establishmentMeans degreeOfEstablishment pathway occurrenceStatus associatedMedia
    associatedOccurrences associatedReferences associatedTaxa otherCatalogNumbers occurrenceRemarks
    organismID organismName organismScope organismRemarks causeOfDeath
    eventID parentEventID eventType fieldNumber eventDate eventTime startDayOfYear endDayOfYear year
    month day verbatimEventDate habitat samplingProtocol sampleSizeValue sampleSizeUnit
    samplingEffort fieldNotes eventRemarks
    locationID higherGeography continent waterBody country countryCode stateProvince county
    municipality locality verbatimLocality minimumElevationInMeters maximumElevationInMeters
    verbatimElevation locationAccordingTo locationRemarks decimalLatitude decimalLongitude
    geodeticDatum coordinateUncertaintyInMeters coordinatePrecision pointRadiusSpatialFit
    verbatimCoordinates verbatimLatitude verbatimLongitude verbatimCoordinateSystem verbatimSRS
    footprintWKT footprintSRS footprintSpatialFit georeferencedBy georeferencedDate
    georeferenceProtocol georeferenceSources georeferenceRemarks
    identificationID identificationQualifier identifiedBy identifiedByID dateIdentified
    identificationReferences identificationVerificationStatus identificationRemarks
    taxonID scientificNameID scientificName higherClassification kingdom phylum class order family
    subfamily genus specificEpithet infraspecificEpithet taxonRank scientificNameAuthorship
    vernacularName nomenclaturalCode taxonomicStatus taxonRemarks
"""
TERMS = {name: _DCTERMS + name for name in _DUBLIN.split()} | {
    name: _DWC + name for name in _DARWIN.split()
}
"""Address of each term, by its name, in the order columns are written."""

OCCURRENCE = _DWC + "Occurrence"
FROM_GEOMETRY = (
    "decimalLatitude",
    "decimalLongitude",
    "geodeticDatum",
    "footprintWKT",
    "footprintSRS",
)
"""Terms that the shapes fill, and nobody else may."""

BASES_OF_RECORD = (
    "HumanObservation",
    "MachineObservation",
    "Occurrence",
    "MaterialCitation",
    "MaterialEntity",
    "MaterialSample",
    "PreservedSpecimen",
    "LivingSpecimen",
    "FossilSpecimen",
)
OCCURRENCE_STATUSES = ("present", "absent")

_YEAR_MONTH_DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_TIME = r"T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?"
_MOMENT = rf"{_YEAR_MONTH_DAY}({_TIME})?"
_EVENT_DATE = re.compile(rf"{_MOMENT}(/{_MOMENT})?", re.ASCII)


def is_event_date(text: str) -> bool:
    """Whether a text is a date or an interval as ISO 8601-1:2019 and Darwin Core write it.

    Examples
    --------
    >>> [is_event_date(text) for text in ("2024-05", "2024-05-01/2024-06-01", "1.5.2024")]
    [True, True, False]
    """
    return _EVENT_DATE.fullmatch(text) is not None
