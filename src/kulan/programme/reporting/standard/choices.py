"""The answers that the standard questionnaire offers to choose from."""

from functools import cache

from kulan.programme.count_methods import COUNT_METHODS
from kulan.programme.reporting.questions import Choice
from kulan.programme.reporting.told import Told, told
from kulan.programme.states import range_states
from kulan.words import LANGUAGES, N_, words_in

STATUSES_SAID: dict[str, str] = {
    "not_started": N_("Not begun"),
    "under_way": N_("Under way"),
    "done": N_("Done"),
    "overtaken": N_("Overtaken by events"),
    "not_applicable": N_("Does not concern us"),
    "unknown": N_("We cannot say"),
}
"""What a state may say of an action; the first four are statuses that Kulan computes too."""

TRENDS: dict[str, str] = {
    "up": N_("Increasing"),
    "down": N_("Decreasing"),
    "stable": N_("Stable"),
    "mixed": N_("Mixed"),
    "unknown": N_("Unknown"),
}
PRESENCES: dict[str, str] = {
    "all_year": N_("Present all year"),
    "seasonal": N_("Present in some seasons"),
    "irregular": N_("Seen now and then"),
    "gone": N_("No longer present"),
    "unknown": N_("Not known"),
}
OBSTACLES: dict[str, str] = {
    "money": N_("Lack of money"),
    "staff": N_("Lack of staff"),
    "skills": N_("Lack of training or equipment"),
    "law": N_("Law or policy stands in the way"),
    "data": N_("Lack of data"),
    "mandate": N_("Unclear who is responsible"),
    "neighbours": N_("Waiting for a neighbouring state"),
    "other_uses": N_("Other uses of land or resources"),
    "security": N_("Security or access"),
    "other": N_("Something else (say in the note)"),
}
THREATS: dict[str, str] = {
    "poaching": N_("Illegal killing and trade"),
    "barriers": N_("Railways, roads, fences, pipelines and canals"),
    "mining_energy": N_("Mining, oil, gas and power"),
    "livestock": N_("Competition with livestock"),
    "disease": N_("Disease"),
    "dogs": N_("Dogs"),
    "disturbance": N_("Disturbance"),
    "water": N_("Loss of water"),
    "habitat": N_("Loss of habitat to fields and settlements"),
    "climate": N_("Drought, hard winters and a changing climate"),
    "conflict": N_("Killing after losses of livestock or crops"),
    "hybrids": N_("Crossing with domestic animals"),
    "small_numbers": N_("Small and scattered numbers"),
    "other": N_("Something else (say in the note)"),
}
PREPARATIONS: dict[str, str] = {
    "desk": N_("By one agency at its desk"),
    "letters": N_("With written answers of other agencies"),
    "meeting": N_("At a meeting of agencies"),
    "with_partners": N_("With scientists or non-governmental organisations"),
    "with_communities": N_("With herders, hunters or other local people"),
}
ACCESSIONS: dict[str, str] = {
    "not_considered": N_("Not considered now"),
    "considered": N_("Under consideration"),
    "under_way": N_("The procedure has begun"),
    "unknown": N_("We cannot say"),
}
SURVEYS: dict[str, str] = {
    "yearly": N_("Every year"),
    "some_years": N_("Every few years"),
    "once": N_("Once"),
    "never": N_("Not yet"),
    "unknown": N_("We cannot say"),
}


@cache
def offered(name: str) -> tuple[Choice, ...]:
    """Return the choices of a list of this module by its name in lower case."""
    lists = {
        "statuses": STATUSES_SAID,
        "trends": TRENDS,
        "presences": PRESENCES,
        "obstacles": OBSTACLES,
        "threats": THREATS,
        "preparations": PREPARATIONS,
        "accessions": ACCESSIONS,
        "surveys": SURVEYS,
        "methods": {code: method.name for code, method in COUNT_METHODS.items()},
    }
    return tuple(Choice(code, told(text)) for code, text in lists[name].items())


@cache
def months() -> tuple[Choice, ...]:
    """Return the twelve months, coded 1 to 12."""
    names = {language: words_in(language).month_names(short=False) for language in LANGUAGES}
    return tuple(
        Choice(str(number + 1), Told(names["en"][number], names["ru"][number], names["fr"][number]))
        for number in range(12)
    )


@cache
def states() -> tuple[Choice, ...]:
    """Return the range states, coded by ISO 3166-1 alpha-3."""
    return tuple(
        Choice(str(row["iso3"]), Told(row["name_en"], row["name_ru"], row["name_fr"]))
        for row in range_states().to_dict("records")
    )
