"""Traps 3, 6, 9 and 13, read from the project's files: what must never stand in them."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from twitchwise.settings import ROOT
from twitchwise.vocabulary.codes import load_codes

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())
CONFIG: dict[str, Any] = yaml.safe_load((ROOT / "config.yml").read_text())
INTENTS = set(DOMAIN["intents"])
TAKEN_BY_RASA = {"restart", "back", "session_start"}


def ruled_intents() -> set[str]:
    found: set[str] = set()
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text())["rules"]:
            for step in rule["steps"]:
                found.update(each["intent"] for each in step.get("or", []) if "intent" in each)
                found.update([step["intent"]] if "intent" in step else [])
    return found


def trained_intents() -> set[str]:
    files = sorted((ROOT / "data" / "nlu").glob("*.yml"))
    return {entry["intent"] for path in files for entry in yaml.safe_load(path.read_text())["nlu"] if "intent" in entry}


def test_every_intent_is_covered_by_a_rule() -> None:
    assert ruled_intents() == INTENTS


def test_every_trained_intent_is_known() -> None:
    assert trained_intents() <= INTENTS


def test_every_topic_has_its_intent() -> None:
    assert {f"ask_{topic}" for topic in load_codes().faq_topics} == {intent for intent in INTENTS if intent.startswith("ask_")}


def test_no_intent_that_rasa_takes_for_a_command() -> None:
    assert not TAKEN_BY_RASA & (INTENTS | trained_intents())


def test_the_fallback_never_reverts() -> None:
    (rules,) = [policy for policy in CONFIG["policies"] if policy["name"] == "RulePolicy"]
    assert rules["core_fallback_action_name"] == "action_turn"
    assert "action_turn" in DOMAIN["actions"]


def test_the_safety_policy_stands_first() -> None:
    assert CONFIG["policies"][0]["name"] == "twitchwise.policies.safety.SafetyPolicy"


def test_nothing_remote_runs_before_the_policies() -> None:
    assert not {"action_session_start", "action_validate_slot_mappings", "action_extract_slots"} & set(DOMAIN["actions"])
    for name, slot in DOMAIN["slots"].items():
        assert slot["mappings"] == [{"type": "custom"}], name
        assert slot["influence_conversation"] is False, name
    for entity in DOMAIN["entities"]:
        (settings,) = entity.values()
        assert settings["influence_conversation"] is False, entity


def test_sessions_carry_nothing_over() -> None:
    assert DOMAIN["session_config"]["carry_over_slots_to_new_session"] is False


def test_rasa_holds_the_emergency_words() -> None:
    emergency, crisis = (DOMAIN["responses"][name][0]["text"] for name in ("utter_emergency", "utter_crisis"))
    assert "{emergency_number}" in emergency
    assert "{crisis_line}" in crisis and "{emergency_number}" in crisis
    for slot, parts in (("emergency_number", ("999", "112", "911", "000")), ("crisis_line", ("116 123", "988"))):
        assert all(part in DOMAIN["slots"][slot]["initial_value"] for part in parts)


def test_nothing_pauses_a_conversation() -> None:
    for folder in ("actions", "twitchwise"):
        for path in Path(ROOT / folder).rglob("*.py"):
            assert "ConversationPaused" not in path.read_text(), path


def test_no_component_that_needs_tensorflow_or_loads_skops() -> None:
    names = [part["name"] for part in CONFIG["pipeline"] + CONFIG["policies"]]
    assert all(name.startswith("twitchwise.") or name == "RulePolicy" for name in names)
