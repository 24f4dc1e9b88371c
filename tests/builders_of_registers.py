"""Records of the registers for the web tests; each argument is what the test is about."""

from typing import Any

from django.utils import timezone

from kulan.programme.registers import QUESTIONS, register
from kulan.web.people.models import User
from kulan.web.programme.registers.models import AnswerSheet, Questionnaire, Record, RecordVersion

FOCAL_POINT = {
    "state": "MNG",
    "function": "cms",
    "person": "Dolgorsuren Testing",
    "email": "dolgorsuren@ministry.example",
    "telephone": "+976 555 0101",
    "valid_from": "2024-03",
}
CONTENT: dict[str, dict[str, Any]] = {
    "state-focal-points": FOCAL_POINT,
    "species-focal-points": {"species_id": "saiga", "person": "E. Testing"},
    "organisations": {
        "name": "Steppe Fund",
        "kind": "foundation",
        "states": ["KAZ", "MNG"],
        "person": "Sanjar Testing",
        "email": "sanjar@steppe.example",
    },
    "agreements": {
        "title": "Memorandum on the steppe",
        "kind": "memorandum",
        "states": ["KGZ", "MNG"],
        "signed_on": "2024-06-14",
        "next_step": "The ministries compare the annexes",
    },
    "hotspots": {"title": "Test steppe", "states": ["KGZ", "MNG"], "species": ["saiga"]},
    "working-groups": {"title": "Steppe group", "kind": "site", "states": ["MNG"]},
    "meetings": {
        "title": "Steppe meeting",
        "kind": "workshop",
        "begins": "2025-04-22",
        "states": ["MNG"],
    },
    "laws": {
        "state": "MNG",
        "topics": ["hunting"],
        "kind": "law",
        "title": "Law on fauna",
        "citation": "No. 7",
        "valid_from": "2012",
    },
    "memberships": {
        "state": "MNG",
        "instrument": "saiga_mou",
        "status": "signatory",
        "valid_from": "2010",
        "source": "A list",
    },
    "trainings": {
        "title": "Counting from the air",
        "topic": "monitoring",
        "begins": "2025-05",
        "states": ["MNG"],
        "participants": 12,
        "participant_names": ["Tsetseg Testing"],
    },
    "commitments": {
        "title": "Fence taken down",
        "company": "Rail Company",
        "kind": "offset",
        "states": ["MNG"],
        "promised_on": "2024",
        "amount": 120_000.0,
        "currency": "USD",
        "clause": "Clause 7.3 on fences",
    },
    "researchers": {
        "name": "Aigul",
        "email": "aigul@zoology.example",
        "telephone": "+7 555",
        "shown": ["telephone"],
    },
}
"""Content of a record of each register that the tests speak of."""


def make_record(name: str = "meetings", *, stage: str = "", **fields: Any) -> Record:
    """Make a record of a register, for everyone unless the test says else; `data` changes some."""
    data = {**CONTENT[name], **fields.pop("data", {})}
    made = Record(
        register=name, stage=stage or register(name).first_stage, **{"audience": "public", **fields}
    )
    made.take({key: value for key, value in data.items() if value is not None})
    made.save()
    RecordVersion.objects.create(
        record=made, revision=1, data=made.data, stage=made.stage, audience=made.audience
    )
    return made


def make_questionnaire(hotspot: Record | None = None) -> Questionnaire:
    """Ask Kyrgyzstan (Chinara) and Mongolia (Bat) about an area."""
    return Questionnaire.objects.create(
        hotspot=hotspot or make_record("hotspots"), first="KGZ", second="MNG"
    )


def all_answers(score: int | None = 3, comment: str = "") -> dict[str, dict[str, Any]]:
    """Return an answer to every question."""
    return {one.code: {"score": score, "comment": comment} for one in QUESTIONS}


def posted_answers(score: str = "3", comment: str = "", **more: str) -> dict[str, str]:
    """Return what the form of the questionnaire sends."""
    sent = {f"score-{one.code}": score for one in QUESTIONS}
    return sent | {f"comment-{one.code}": comment for one in QUESTIONS} | {"revision": "0"} | more


def make_sheet(one: Questionnaire, iso3: str, *, finished: bool = False, **fields: Any) -> None:
    """Make one side's answers, a draft unless the test says else."""
    AnswerSheet.objects.create(
        questionnaire=one,
        iso3=iso3,
        **{
            "answers": all_answers(),
            "finished_at": timezone.now() if finished else None,
            **fields,
        },
    )


def register_things(people: dict[str, User]) -> dict[str, str]:
    """Make records of the registers and a questionnaire; return their names in addresses."""
    records = {
        "focal point record": make_record("state-focal-points"),
        "agreement record": make_record("agreements"),
        "partners' agreement": make_record("agreements", audience="partners"),
        "governments' agreement": make_record("agreements", audience="government"),
        "keepers' agreement": make_record("agreements", audience="keepers"),
        "law record": make_record("laws"),
        "training record": make_record("trainings", organisation=people["dmitri"].organisation),
        "researcher record": make_record("researchers", person=people["aigul"]),
        "hotspot record": make_record("hotspots"),
        "area on the map": make_record("hotspots", data={"centre": "44.0, 56.5"}),
        "commitment record": make_record("commitments"),
        "organisation record": make_record("organisations"),
    }
    things = {name: str(record.uid) for name, record in records.items()}
    questionnaire = make_questionnaire(records["hotspot record"])
    return things | {
        "questionnaire": str(questionnaire.uid),
        "state focal points": "state-focal-points",
        "all meetings": "meetings",
    }
