"""The summary as a FHIR R4 document: a Bundle with Composition, QuestionnaireResponse, Observations and RiskAssessment.

Made with the models of fhir.resources. Its releases of today have no package for R4 (4.0.1) but one for R4B (4.3.0); in the resources used
here R4B changed nothing, so what these models accept is R4 as well. A RiskAssessment and not a ClinicalImpression holds the advice, because
only the first may name a device as the one who made it. Slow to import: only whoever makes a file imports this, off the event loop."""
from __future__ import annotations

import uuid
from datetime import datetime, timezone
from html import escape
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from twitchwise.summary.model import Quote, Row, Site, Summary
from twitchwise.summary.terms import load_terms

MIME = "application/fhir+json"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
NOTICE = "Self-reported to an automated assistant, checked by no clinician, not a diagnosis."
_VALUES = {"present": ("52101004", "Present"), "absent": ("2667000", "Absent"), "possible": ("415684004", "Suspected")}
_SIDES = {"left": ("7771000", "Left"), "right": ("24028007", "Right"), "both": ("51440002", "Right and left")}

Resource = dict[str, Any]


def render(summary: Summary, document_id: uuid.UUID | None = None) -> bytes:
    """The document as JSON, checked by the models. Raises ValidationError (pydantic) for what is no valid resource."""
    return (document(summary, document_id).json(indent=1) + "\n").encode()


def document(summary: Summary, document_id: uuid.UUID | None = None) -> Bundle:
    """The document as a model. `document_id`: given, the same summary always makes the same document."""
    return Bundle.parse_obj(_Document(summary, document_id or uuid.uuid4()).bundle())


class _Document:
    def __init__(self, summary: Summary, identity: uuid.UUID) -> None:
        self.summary, self.identity = summary, identity
        self.entries: list[Resource] = []
        self.at = _instant(summary.made_at)
        self.status = "final" if summary.complete else "preliminary"

    def bundle(self) -> Resource:
        summary = self.summary
        subject = self.add("patient", {"resourceType": "Patient"})
        source = subject
        if not summary.is_self:
            source = self.add("source", {"resourceType": "RelatedPerson", "patient": subject, "relationship": [{"text": summary.about}]})
        device = self.add("device", {"resourceType": "Device", "deviceName": [{"name": "Twitchwise", "type": "user-friendly-name"}],
                                     "version": [{"value": f"rules {summary.rules_version}"}], "note": [{"text": NOTICE}]})
        answers = self.add("answers", self._answers(subject, source, device))
        observations = self._observations(subject, source, answers)
        risk = self.add("assessment", self._assessment(subject, device, observations))
        composition = self._composition(subject, device, risk, answers, [reference for _, reference in observations])
        first = {"fullUrl": self.urn("composition"), "resource": composition}
        return {
            "resourceType": "Bundle", "type": "document", "timestamp": self.at, "entry": [first, *self.entries],
            "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{self.identity}"},
        }

    def urn(self, name: str) -> str:
        return f"urn:uuid:{uuid.uuid5(self.identity, name)}"

    def add(self, name: str, resource: Resource) -> Resource:
        """Put a resource into the document; a reference to it."""
        urn = self.urn(name)
        self.entries.append({"fullUrl": urn, "resource": {**resource, "id": urn.removeprefix("urn:uuid:")}})
        return {"reference": urn}

    # -- what the person said

    def _answers(self, subject: Resource, source: Resource, device: Resource) -> Resource:
        check = [{"linkId": answered.code, "text": answered.question, "answer": [{"valueString": answered.answer}]}
                 for answered in self.summary.answers]
        words = [{"linkId": f"words-{number}", "text": term, "answer": [{"valueString": quote.text}]}
                 for number, (term, quote) in enumerate(_quotes(self.summary), 1)]
        groups = [{"linkId": name, "text": text, "item": items}
                  for name, text, items in (("check", "Questions asked", check), ("words", "In the person's own words", words)) if items]
        return _without({
            "resourceType": "QuestionnaireResponse", "status": "completed" if self.summary.complete else "in-progress", "subject": subject,
            "authored": self.at, "author": device, "source": source, "item": groups,
        })

    # -- findings

    def _observations(self, subject: Resource, source: Resource, answers: Resource) -> list[tuple[Row, Resource]]:
        made: list[tuple[Row, Resource]] = []
        for row in (*self.summary.found, *self.summary.denied, *self.summary.triggers):
            sites: tuple[Site | None, ...] = self.summary.sites if row.code == "twitching" and row.assertion != "absent" else row.sites
            # An Observation has one place at most, so each place has one of its own.
            for number, site in enumerate(sites or (None,)):
                name = f"observation-{row.kind}-{row.code}-{number}"
                made.append((row, self.add(name, self._observation(row, site, subject, source, answers))))
        if self.summary.age_years is not None:
            age = {"value": self.summary.age_years, "unit": "years", "system": "http://unitsofmeasure.org", "code": "a"}
            self.add("age", {"resourceType": "Observation", "status": "preliminary", "subject": subject, "performer": [source],
                             "code": _concept("Age", LOINC, "30525-0", "Age"), "effectiveDateTime": self.at, "valueQuantity": age})
        return made

    def _observation(self, row: Row, site: Site | None, subject: Resource, source: Resource, answers: Resource) -> Resource:
        term = load_terms().of_fact(row.kind, row.code)
        code, display = _VALUES[row.assertion]
        days = self.summary.course_days if row.code == "twitching" else row.days
        parts: list[Resource] = []
        if days is not None and row.assertion != "absent":
            amount = {"value": round(days, 1), "unit": "days", "system": "http://unitsofmeasure.org", "code": "d"}
            parts.append({"code": {"text": "Duration"}, "valueQuantity": amount})
        if row.onset:
            parts.append({"code": {"text": "Onset"}, "valueCodeableConcept": {"text": row.onset}})
        if site and site.laterality in _SIDES:
            # A side is no synonym of the place, so it is no second coding of it.
            side, side_term = _SIDES[site.laterality]
            parts.append({"code": {"text": "Side"}, "valueCodeableConcept": _concept(site.laterality, SNOMED, side, side_term)})
        return _without({
            # Preliminary: nobody has examined the person.
            "resourceType": "Observation", "status": "preliminary", "subject": subject, "performer": [source], "derivedFrom": [answers],
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey",
                                      "display": "Survey"}]}],
            "code": _concept(row.term, SNOMED, term.snomed if term else None, term.display if term else None),
            "effectiveDateTime": _instant(datetime.fromisoformat(row.when)) if row.when else self.at,
            "valueCodeableConcept": _concept(display, SNOMED, code, display),
            "bodySite": _body_site(site) if site else None,
            "component": parts,
            "note": [_without({"text": _told(quote), "time": _instant(quote.at) if quote.at else None}) for quote in row.quotes],
        })

    # -- the advice

    def _assessment(self, subject: Resource, device: Resource, observations: list[tuple[Row, Resource]]) -> Resource:
        summary = self.summary
        predictions = [_without({"outcome": {"text": flag.term}, "qualitativeRisk": {"text": flag.urgency}, "rationale": flag.why})
                       for flag in summary.flags]
        return _without({
            "resourceType": "RiskAssessment", "status": self.status, "subject": subject, "occurrenceDateTime": self.at, "performer": device,
            "method": {"text": f"Fixed triage rules of Twitchwise, version {summary.rules_version}"},
            "basis": [reference for row, reference in observations if row.flag],
            "prediction": predictions,
            "mitigation": f"Advice given: {summary.urgency}." if summary.level else "No advice yet: the check was not finished.",
            "note": [{"text": NOTICE}],
        })

    # -- the page

    def _composition(self, subject: Resource, device: Resource, risk: Resource, answers: Resource, observed: list[Resource]) -> Resource:
        summary = self.summary
        advice = [f"Advice given: {summary.urgency}." if summary.level else "No advice yet: the check was not finished."]
        advice += [f"{flag.term}: {flag.why}" if flag.why else f"{flag.term}." for flag in summary.flags] or ["No warning sign was found."]
        told = [f"Twitching in: {', '.join(site.words for site in summary.sites) or 'not told'}.", f"For: {summary.course or 'not told'}."]
        told += [f"{row.term}: {display.lower()}" for row in (*summary.found, *summary.denied, *summary.triggers)
                 for _, display in [_VALUES[row.assertion]]]
        told += [f"Not known: {', '.join(summary.not_asked)}."] if summary.not_asked else []
        told += [f"Background: {line}." for line in summary.background]
        words = [f"{term}: “{quote.text}”" for term, quote in _quotes(summary)]
        sections = [
            _section("Advice and warning signs", ("51848-0", "Evaluation note"), advice, [risk]),
            _section("What was told", ("10164-2", "History of Present illness Narrative"), told, observed),
            _section("In the person's own words", ("10154-3", "Chief complaint Narrative - Reported"), words or ["Nothing was typed."], [answers]),
        ]
        return {
            "resourceType": "Composition", "id": self.urn("composition").removeprefix("urn:uuid:"), "language": "en-GB", "status": self.status,
            "type": _concept("Patient Note", LOINC, "51855-5", "Patient Note"), "subject": subject, "date": self.at, "author": [device],
            "title": summary.title, "text": _narrative([f"{summary.title}. About {summary.about}. {NOTICE}"]), "section": sections,
        }


def _quotes(summary: Summary) -> list[tuple[str, Quote]]:
    """Each of the person's sentences once, under the first term that it stands for."""
    found: dict[str, tuple[str, Quote]] = {}
    rows = [*((row.term, quote) for row in (*summary.found, *summary.triggers) for quote in row.quotes),
            *(("Place and course", quote) for quote in summary.quotes)]
    for term, quote in rows:
        found.setdefault(f"{quote.message}:{quote.text}", (term, quote))
    return list(found.values())


def _told(quote: Quote) -> str:
    return f"Asked: {quote.question} Answer: “{quote.text}”" if quote.question else f"“{quote.text}”"


def _body_site(site: Site) -> Resource:
    term = load_terms().places[site.code]
    return _concept(site.words, SNOMED, term.snomed, term.display)


def _concept(text: str, system: str, code: str | None, display: str | None) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": text} if code else {"text": text}


def _section(title: str, code: tuple[str, str], lines: list[str], entries: list[Resource]) -> Resource:
    return _without({"title": title, "code": _concept(title, LOINC, *code), "text": _narrative(lines), "entry": entries})


def _narrative(lines: list[str]) -> Resource:
    # Control signs are no characters of XML.
    clean = ["".join(sign for sign in line if sign.isprintable()) for line in lines]
    body = "".join(f"<p>{escape(line, quote=False)}</p>" for line in clean)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml" lang="en-GB" xml:lang="en-GB">{body}</div>'}


def _without(resource: Resource) -> Resource:
    """Less what is empty: FHIR knows no empty values."""
    return {name: value for name, value in resource.items() if value not in (None, [], "", {})}


def _instant(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds")
