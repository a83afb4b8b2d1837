"""The clinical rules: YAML in rules/, read, checked and frozen here."""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Extra, Field, ValidationError, root_validator, validator

from twitchwise.triage.case import LOST_FUNCTION, OVER_TWO_WEEKS, REACTION_SIGNS, RECENT_WEAKNESS
from twitchwise.vocabulary.codes import load_codes

HERE = Path(__file__).parent / "rules"
SIGNALS = Path(__file__).parent.parent / "vocabulary" / "signals.yml"

RED_FLAG_FILES = ("emergency", "urgent", "neurologist")
_LEAVES = ("fact", "named_trigger", "course_over_days", "regions", "whole_body", "new_site", "site", "site_region", "oldest")


class Condition(BaseModel):
    """One condition over a case: `all`, `any`, `not`, or one leaf. A leaf on a fact may narrow it by onset, days or limb."""

    all_: list[Condition] = Field(default_factory=list, alias="all")
    any_: list[Condition] = Field(default_factory=list, alias="any")
    not_: Condition | None = Field(None, alias="not")
    fact: str | None = None                  # a symptom, signal or trigger code that counts as there
    named_trigger: bool | None = None        # something sets it off, and nobody said later that nothing does
    assertion: list[str] = []                # other assertions than present and possible
    sudden: bool | None = None               # said to be sudden, or come on within 24 hours
    onset: str | None = None
    max_days: float | None = None
    limb: str | None = None                  # single | both
    before_flag: bool | None = None          # said before the flag that it would cancel was raised
    course_over_days: float | None = None    # the twitching has gone on for longer
    regions: int | None = None               # it twitches in at least so many regions
    whole_body: bool | None = None
    new_site: bool | None = None             # a place was added in a later message
    site: str | None = None                  # it twitches there
    site_region: list[str] | None = None     # it twitches in one of these regions or places
    oldest: float | None = None              # the person is surely younger than this, in years

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    @root_validator
    def _one_kind(cls, values: dict[str, Any]) -> dict[str, Any]:
        leaves = [name for name in _LEAVES if values.get(name) is not None]
        groups = [name for name in ("all_", "any_", "not_") if values.get(name)]
        if len(leaves) + len(groups) != 1:
            raise ValueError(f"a condition is one of all, any, not or one leaf, found {leaves + groups or 'nothing'}")
        narrowing = [name for name in ("sudden", "onset", "max_days", "limb", "before_flag") if values.get(name) is not None]
        if narrowing and not values.get("fact"):
            raise ValueError(f"{', '.join(narrowing)} needs a `fact`")
        return values

    @validator("fact")
    def _known(cls, code: str | None) -> str | None:
        if code is not None and code not in known_facts():
            raise ValueError(f"'{code}' is no symptom, trigger or signal; see vocabulary/codes.yml and signals.yml")
        return code

    @validator("limb")
    def _limb(cls, limb: str | None) -> str | None:
        if limb not in (None, "single", "both"):
            raise ValueError(f"limb is single or both, not '{limb}'")
        return limb


Condition.update_forward_refs()


class Rule(BaseModel):
    """A rule. `flag`: the code that it raises; a modifier has none and a `level` instead. `replaces`: ids of more general rules that fall
    silent when this one holds. `explain`: plain words for the person, `source`: where the rule comes from."""

    id: str
    flag: str | None = None
    level: str | None = None
    when: Condition
    replaces: list[str] = []
    source: str
    explain: str

    class Config:
        extra = Extra.forbid
        allow_mutation = False


@dataclass(frozen=True)
class Rules:
    """Every rule. `version` changes with any byte of the YAML files."""

    red_flags: tuple[Rule, ...]
    amber: tuple[Rule, ...]
    modifiers: tuple[Rule, ...]
    version: str


class RulesError(ValueError):
    """A rule file cannot be used; the message names the file and what to change."""


@lru_cache(maxsize=1)
def known_facts() -> frozenset[str]:
    """Every code that a rule may ask for."""
    codes = load_codes()
    signals = yaml.safe_load(SIGNALS.read_text(encoding="utf-8"))["signals"]
    return frozenset((*codes.symptoms, *codes.triggers, *signals, OVER_TWO_WEEKS, RECENT_WEAKNESS, LOST_FUNCTION, REACTION_SIGNS))


def read_rules(folder: Path) -> Rules:
    """Read and check the rule files of `folder`; raises RulesError."""
    codes, digest, read = load_codes(), hashlib.sha256(), {}
    for name in (*RED_FLAG_FILES, "amber", "modifiers"):
        path = folder / f"{name}.yml"
        try:
            raw = path.read_bytes()
            read[name] = [Rule(**entry) for entry in yaml.safe_load(raw)["rules"]]
        except OSError as error:
            raise RulesError(f"The rule file {path.name} cannot be read ({error.strerror}). Restore it from the package.") from error
        except (yaml.YAMLError, ValidationError, TypeError, KeyError) as error:
            raise RulesError(f"The rule file {path.name} is not valid: {error}") from error
        digest.update(raw)
    red = tuple(rule for name in RED_FLAG_FILES for rule in read[name])
    every = [*red, *read["amber"], *read["modifiers"]]
    ids = [rule.id for rule in every]
    doubled = {rule_id for rule_id in ids if ids.count(rule_id) > 1}
    if doubled:
        raise RulesError(f"Rule ids must be unique; found twice: {', '.join(sorted(doubled))}.")
    for name in RED_FLAG_FILES:
        for rule in read[name]:
            if codes.red_flags.get(rule.flag or "") != name:
                raise RulesError(f"Rule {rule.id} in {name}.yml raises {rule.flag}, which is not a red flag of the level {name}.")
    for flag in codes.red_flags:
        if all(rule.flag != flag for rule in red):
            raise RulesError(f"No rule raises the red flag {flag}.")
    for rule in read["amber"]:
        if rule.flag not in codes.amber_features:
            raise RulesError(f"Rule {rule.id} in amber.yml: {rule.flag} is no amber feature.")
    for feature in codes.amber_features:
        if all(rule.flag != feature for rule in read["amber"]):
            raise RulesError(f"No rule raises the amber feature {feature}.")
    for rule in read["modifiers"]:
        if rule.level not in codes.levels or rule.flag:
            raise RulesError(f"Modifier {rule.id} needs a level of {', '.join(codes.levels)}, and no flag.")
    for rule in every:
        unknown = set(rule.replaces) - set(ids)
        if unknown:
            raise RulesError(f"Rule {rule.id} replaces unknown rules: {', '.join(sorted(unknown))}.")
    return Rules(red, tuple(read["amber"]), tuple(read["modifiers"]), digest.hexdigest()[:12])


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """The rules of the package, read once."""
    return read_rules(HERE)


@lru_cache(maxsize=1)
def emergencies_alone() -> frozenset[str]:
    """Facts that are an emergency by themselves, however they began."""
    levels, found = load_codes().red_flags, set()
    for rule in load_rules().red_flags:
        if levels[rule.flag or ""] == "emergency":
            found |= {leaf.fact for leaf in (rule.when, *rule.when.any_) if leaf.fact and leaf.onset is None and leaf.sudden is None}
    return frozenset(found)


def __getattr__(name: str) -> Any:
    # RULES_VERSION is worked out when it is asked for, so that importing reads no file.
    if name == "RULES_VERSION":
        return load_rules().version
    raise AttributeError(name)


