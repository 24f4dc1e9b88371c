"""Closed lists of the registers: code to words."""

from kulan.words import N_

Choices = tuple[tuple[str, str], ...]

INSTRUMENTS: Choices = (
    ("CMS", N_("CMS, Convention on Migratory Species")),
    ("CITES", N_("CITES, trade in endangered species")),
    ("CBD", N_("CBD, Convention on Biological Diversity")),
    ("saiga_mou", N_("Memorandum on the saiga antelope")),
    ("bukhara_deer_mou", N_("Memorandum on the Bukhara deer")),
)
FUNCTIONS: Choices = (
    ("cami", N_("Focal point of the programme")),
    ("cms", N_("CMS national focal point")),
    ("cites", N_("CITES management authority")),
    ("gslep", N_("Snow leopard programme (GSLEP)")),
    ("data", N_("Data and Atlas")),
)
AGREEMENT_KINDS: Choices = (
    ("memorandum", N_("Memorandum of understanding")),
    ("treaty", N_("Treaty or intergovernmental agreement")),
    ("protected_area", N_("Transboundary protected area")),
    ("data", N_("Exchange of data")),
    ("plan", N_("Joint plan or programme of work")),
    ("other", N_("Other")),
)
MEETING_KINDS: Choices = (
    ("range_states", N_("Meeting of range states")),
    ("working_group", N_("Meeting of a working group")),
    ("workshop", N_("Workshop")),
    ("bilateral", N_("Bilateral meeting")),
    ("other", N_("Other")),
)
TRAINING_TOPICS: Choices = (
    ("monitoring", N_("Counting and monitoring")),
    ("patrol", N_("Patrols and law enforcement")),
    ("customs", N_("Customs and trade")),
    ("infrastructure", N_("Infrastructure and assessment")),
    ("communities", N_("Communities and grazing")),
    ("data", N_("Data and maps")),
    ("veterinary", N_("Wildlife health")),
    ("other", N_("Other")),
)
EQUIPMENT_KINDS: Choices = (
    ("vehicle", N_("Vehicle")),
    ("optics", N_("Optics and cameras")),
    ("telemetry", N_("Collars and telemetry")),
    ("communication", N_("Radio and communication")),
    ("field", N_("Field and camp equipment")),
    ("computing", N_("Computers and software")),
    ("other", N_("Other")),
)
LAW_TOPICS: Choices = (
    ("hunting", N_("Hunting")),
    ("trade", N_("Trade")),
    ("penalties", N_("Penalties for poaching")),
    ("assessment", N_("Environmental assessment")),
    ("linear_infrastructure", N_("Roads, railways and pipelines")),
    ("fences", N_("Border and other fences")),
    ("protected_areas", N_("Protected areas")),
    ("grazing", N_("Grazing and pastures")),
    ("community_rights", N_("Rights of communities")),
    ("compensation", N_("Compensation and offsets")),
)
LAW_KINDS: Choices = (
    ("law", N_("Law or code")),
    ("regulation", N_("Regulation or order")),
    ("policy", N_("Policy or strategy")),
    ("plan", N_("National plan")),
)
PRACTICE_TOPICS: Choices = (
    ("infrastructure", N_("Infrastructure and mitigation")),
    ("fences", N_("Border and other fences")),
    ("monitoring", N_("Counting and monitoring")),
    ("grazing", N_("Grazing and pastures")),
    ("communities", N_("Communities and sustainable use")),
    ("law_enforcement", N_("Law enforcement")),
    ("translocation", N_("Reintroduction and translocation")),
    ("governance", N_("Law and governance")),
    ("other", N_("Other")),
)
RESEARCH_FIELDS: Choices = (
    ("ecology", N_("Ecology and movement")),
    ("monitoring", N_("Counting and monitoring")),
    ("genetics", N_("Genetics")),
    ("health", N_("Wildlife health")),
    ("social", N_("Social science and communities")),
    ("policy", N_("Law and policy")),
    ("spatial", N_("Maps and modelling")),
)
COMMITMENT_KINDS: Choices = (
    ("contract_clause", N_("Clause of a contract")),
    ("offset", N_("Offset")),
    ("mitigation", N_("Mitigation on site")),
    ("monitoring", N_("Paid monitoring")),
    ("contribution", N_("Contribution in money or kind")),
    ("other", N_("Other")),
)
EVENT_KINDS: Choices = (
    ("species_day", N_("Day of a species")),
    ("exhibition", N_("Exhibition or festival")),
    ("school", N_("Schools and education")),
    ("media", N_("Media and campaign")),
    ("other", N_("Other")),
)
GROUP_KINDS: Choices = (
    ("site", N_("Of a transboundary area")),
    ("species", N_("Of a species")),
    ("topic", N_("Of a topic")),
)
STATUSES: Choices = (
    ("party", N_("Party")),
    ("signatory", N_("Signatory")),
    ("non_party", N_("Not a Party")),
)
