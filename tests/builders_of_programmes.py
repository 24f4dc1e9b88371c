"""Texts of a programme of work as conventions print them, in our own words, with every known trap.

The structure (numbers, leads, priorities, pointers) is that of the edition 2021-2026; the words of
actions are Kulan's own titles. What is odd here is odd in print too: see the tests that use it.
"""

import io
from dataclasses import dataclass, field
from datetime import date

import docx

from kulan.programme import cami_lists, range_states, species_name, statuses_on
from kulan.programme.actions import Action, actions, actor, references, sections

HEADS = {
    "fr": ("Responsable", "Priorité"),
    "en": ("Responsible", "Priority"),
    "ru": ("Ответственные", "Приоритет"),
}
GRADES = {
    "fr": {"high": "Haute", "medium": "Moyenne", "low": "Basse"},
    "en": {"high": "High", "medium": "Medium", "low": "Low"},
    "ru": {"high": "Высокий", "medium": "Средний", "low": "Низкий"},
}
PARTS = {
    "fr": ("Partie", "Mesures pour tous", "Mesures par espèce", "Mesures par paysage", "Appui"),
    "en": ("Part", "Measures for all", "Measures by species", "Measures by landscape", "Support"),
    "ru": ("Часть", "Общие меры", "Меры по видам", "Меры по ландшафтам", "Поддержка"),
}
LANDSCAPE = {
    "fr": ("Pays", "Espèces"),
    "en": ("Countries", "Species"),
    "ru": ("Страны", "Виды"),
}
SEE = {
    "fr": ("voir aussi", "et", "la section", "du Plan d’action"),
    "en": ("see also", "and", "section", "of the Action Plan"),
    "ru": ("см. также", "и", "раздел", "Плана действий"),
}
# print calls the first part A, and the fourth VI
LABELS = ("A", "II", "III", "VI")
TRAILING_STOP = {"1.2", "1.7", "2.4", "4.12", "11.7", "11.8", "17.6", "31.5"}
DOTS = {"12.1", "18.4", "18.5"}
# one French term for three things
HOTSPOTS = {
    "1.2.a": "Se servir de la liste des points névralgiques transfrontaliers",
    "1.3": "Suivre le rapport transfrontalier, en particulier",
    "1.3.b": "Trouver qui agit à chacun des points névralgiques",
    "17.4": "Dessiner les points névralgiques de conflits entre troupeaux et kiangs",
    "29.4": "Tenir à jour les points névralgiques pour les espèces",
    "29.5": "Revoir les points névralgiques nationaux ; en demander un aux États non-Parties",
    "29.8": "Réunir les points névralgiques de la CMS dans la région",
}
LATIN = {"khulan": "Equus hemonius", "wild_yak": "Bosgrunniens"}  # as headings misspell them


@dataclass
class PrintedRow:
    """A row as printed: number, words, items with their marks and depths, leads, priority."""

    action: Action
    number: str
    words: str
    leads: str
    priority: list[str]
    items: list[tuple[str, int, str]] = field(default_factory=list)


def printed_rows(section_id: str, language: str) -> list[PrintedRow]:
    """Return the rows of a section."""
    everything = actions(parts=True)
    rows = []
    for one in everything:
        if one.section_id != section_id or one.parent_id:
            continue
        stop = "." if one.printed in TRAILING_STOP else ""
        below = [each for each in everything if each.action_id.startswith(f"{one.action_id}.")]
        row = PrintedRow(
            one,
            f"{one.printed}{stop}",
            _words(one, language, ended=not below),
            ", ".join(actor(each).title(language) for each in one.leads),
            _priority(one, language),
        )
        mark = "·" if one.action_id in DOTS else "1."
        for part in below:
            depth = part.action_id.count(".") - one.action_id.count(".") - 1
            row.items.append((mark, depth, _words(part, language, depth=depth)))
        rows.append(row)
    return rows


def _words(one: Action, language: str, *, depth: int = 0, ended: bool = True) -> str:
    words = one.title(language)
    if language == "fr":
        words = HOTSPOTS.get(one.action_id, words)
    if depth:
        words = words[0].lower() + words[1:]
    words += _pointers(one, language)
    opens = one.action_id == "3.2.a"
    if one.action_id == "1.3":
        return words
    return words + (" :" if opens or not ended else (" ;" if one.parent_id else "."))


def _pointers(one: Action, language: str) -> str:
    found = [each for each in references() if each.action_id == one.action_id]
    see, and_, section, plan = SEE[language]
    if not found:
        return ""
    if found[0].kind == "other_plan":
        return f" ({see} 3.1.10 {plan})"
    if found[0].kind == "section":
        return f" ({see} {section} {found[0].printed})"
    numbers = f" {and_} ".join(each.printed for each in found)
    return f" ({see} {numbers})"


def _priority(one: Action, language: str) -> list[str]:
    grades = GRADES[language]
    printed = one.priority_order
    for grade, word in grades.items():
        printed = printed.replace(grade, word)
    if one.action_id == "1.4":  # broken over two lines
        return [f"{printed.split('/')[0]}/", printed.split("/")[1]]
    if one.action_id == "3.2":  # each half of its own parts
        return printed.split("/")
    if one.action_id in {"11.6", "16.11"}:
        return [printed.capitalize()]
    return [printed] if printed else []


def front(language: str) -> list[str]:
    """Return what stands before the tables: a paragraph, the table of species, the states."""
    appendix = {"fr": "Annexe", "en": "Appendix", "ru": "Приложение"}[language]
    nowhere = {"fr": "Non répertorié", "en": "Not listed", "ru": "Не включен"}[language]
    joined = {"fr": "et", "en": "and", "ru": "и"}[language]
    lines = [
        "INITIATIVE",
        "",
        "1. Premier point\u00a0: voir le document UNEP/CMS/COP13/Inf.19.",
        "",
    ]
    listed = cami_lists()
    listed = listed[listed["edition"] == "2021"]
    for number, row in enumerate(listed.to_dict("records"), start=1):
        species_id = row["species_id"]
        if number == 16:
            uncovered = {"fr": "Espèces non couvertes", "en": "Not covered", "ru": "Не охвачены"}
            lines += ["", f"\t{uncovered[language]}", ""]
        numerals = _appendices(species_id)
        where = f"{appendix} {f' {joined} '.join(numerals)}" if numerals else nowhere
        name = species_name(species_id, language)
        if species_id == "chiru" and language == "fr":
            name = "Mouflon de Chypre"
        lines += [f"\t{number}", f"\t{where}", f"\t{name}", f"\t{row['name_in_edition']}", ""]
    return [*lines, *_states(language), ""]


def _appendices(species_id: str) -> list[str]:
    held = statuses_on(species_id, date(2020, 2, 1))
    values = held[held["instrument"] == "CMS"]["value"].astype(str)
    return sorted({value.removeprefix("Appendix ") for value in values if "Appendix" in value})


PARTIES = {"AFG", "IND", "IRN", "KAZ", "KGZ", "MNG", "PAK", "TJK", "UZB"}


def _states(language: str) -> list[str]:
    named = []
    for row in range_states().to_dict("records"):
        name = row[f"name_{language}"]
        if row["iso3"] == "IRN" and language == "fr":
            named.append("République islamique d’IRAN")
        else:
            named.append(name.upper() if row["iso3"] in PARTIES else name)
    and_ = {"fr": "et", "en": "and", "ru": "и"}[language]
    joined = ", ".join(named[:-1]) + f" {and_} {named[-1]}"
    return ["[footnoteRef:2] [2:  Les Parties [à la CMS] en capitales.]", f"{joined}."]


def heading(section_id: str, language: str) -> list[str]:
    """Return the lines of a section's heading, with what converters leave in some of them."""
    one = next(each for each in sections() if each.section_id == section_id)
    words = f"{section_id}. {one.title(language)}"
    if section_id == "3":
        words = words.replace("3. ", "3.  ")
    if one.part == "II":
        latin = _latin(one.species[0])
        words = f"{words} ({latin})"
    if section_id == "9":
        words = f"[bookmark: _Hlk1]{words}"
    if section_id == "12":
        words = words[:-1] + "[footnoteRef:3])  [3:  Autre nom [depuis 2016]. ]"
    if section_id == "18":
        words += "\t"
    if not one.landscapes:
        return [words]
    countries, kinds = LANDSCAPE[language]
    states = range_states().set_index("iso3")[f"name_{language}"]
    named = ", ".join(states[iso3] for iso3 in one.states)
    species = ", ".join(species_name(each, language) for each in one.species)
    return [words, f"{countries} : {named}", f"{kinds} : {species}"]


def _latin(species_id: str) -> str:
    listed = cami_lists()
    row = listed[(listed["edition"] == "2021") & (listed["species_id"] == species_id)].iloc[0]
    return LATIN.get(species_id, str(row["name_in_edition"]))


def text_of_programme(language: str = "fr") -> str:
    """Return the whole text, as a converter writes tables: a tab before each cell."""
    lines = front(language)
    lead_head, priority_head = HEADS[language]
    part = ""
    for section in sections():
        if section.part != part:
            part = section.part
            place = ("I", "II", "III", "IV").index(part)
            words = PARTS[language]
            lines += [f"\t{words[0]} {LABELS[place]} - {words[place + 1]}", ""]
        first, *more = heading(section.section_id, language)
        lines += [f"\t{first}", *more, f"\t{lead_head}", f"\t{priority_head}", ""]
        for row in printed_rows(section.section_id, language):
            lines.append(f"\t{row.number}\u00a0{row.words}")
            lines += [f"{mark} {words}" for mark, _, words in row.items]
            lines.append(f"\t{row.leads}")
            priority = row.priority or [""]
            lines += [f"\t{priority[0]}", *priority[1:], ""]
        lines += ["", ""]
    return "\n".join(lines)


def document_of_programme(language: str = "en") -> bytes:
    """Return the programme as a Word document: a table for each section, lists in its cells."""
    document = docx.Document()
    species = document.add_table(rows=0, cols=4)
    cells: list[str] = []
    for line in front(language):
        if not line.startswith("\t"):
            document.add_paragraph(line)
            continue
        cells.append(line.strip())
        if len(cells) == 4 or not cells[0].isdigit():
            row = species.add_row()
            for cell, text in zip(row.cells, cells, strict=False):
                cell.text = text
            cells = []
    part = ""
    for section in sections():
        if section.part != part:
            part = section.part
            place = ("I", "II", "III", "IV").index(part)
            words = PARTS[language]
            document.add_paragraph(f"{words[0]} {LABELS[place]} - {words[place + 1]}")
        table = document.add_table(rows=1, cols=3)
        head = table.rows[0].cells
        head[0].text, *more = heading(section.section_id, language)
        for line in more:
            head[0].add_paragraph(line)
        head[1].text, head[2].text = HEADS[language]
        for row in printed_rows(section.section_id, language):
            cells = table.add_row().cells
            cells[0].text = f"{row.number} {row.words}"
            for _, depth, words in row.items:
                style = "List Number" if depth == 0 else f"List Number {depth + 1}"
                cells[0].add_paragraph(words, style=style)
            cells[1].text = row.leads
            cells[2].text = row.priority[0] if row.priority else ""
            for line in row.priority[1:]:
                cells[2].add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
