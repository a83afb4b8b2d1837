"""What stands in deploy/ is what it claims to be: checked by the formats' own schemas, and by nginx where it is installed."""
from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from twitchwise.cluster_parts import ClusterError, Proxy, free_port, program
from twitchwise.cluster_proxy import PAGE, TEMPLATE, WORDS, actions_block, server_lines, site, write_words
from twitchwise.settings import ROOT, Settings

DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yml"))


def resources() -> list[Any]:
    return [pytest.param(each, id=f"{path.stem}-{each['kind']}-{each['metadata']['name']}")
            for path in MANIFESTS for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]


@pytest.fixture(scope="module")
def kubernetes() -> tuple[Path, Any]:
    """The newest strict schemas that kubernetes-validate carries (its own code needs a newer jsonschema than Rasa allows)."""
    spec = importlib.util.find_spec("kubernetes_validate")
    assert spec is not None and spec.submodule_search_locations
    folders = (Path(spec.submodule_search_locations[0]) / "kubernetes-json-schema").glob("v*-strict")
    newest = max(folders, key=lambda path: [int(part) for part in re.findall(r"\d+", path.name)])
    return newest, json.loads((newest / "_definitions.json").read_text(encoding="utf-8"))


def check(kubernetes: tuple[Path, Any], resource: Any) -> None:
    folder, definitions = kubernetes
    version = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", resource["apiVersion"])
    schema = json.loads((folder / f"{resource['kind'].lower()}-{version}.json").read_text(encoding="utf-8"))
    resolver = jsonschema.RefResolver(f"file://{folder}/", schema, store={
        f"file://{folder}/_definitions.json": definitions, "_definitions.json": definitions, "file://_definitions.json": definitions})
    jsonschema.Draft7Validator(schema, resolver=resolver).validate(resource)


@pytest.mark.parametrize("resource", resources())
def test_manifests_are_valid(kubernetes: tuple[Path, Any], resource: Any) -> None:
    check(kubernetes, resource)


def test_the_validator_sees_a_wrong_manifest(kubernetes: tuple[Path, Any]) -> None:
    (server,) = [each.values[0] for each in resources() if each.values[0]["kind"] == "StatefulSet"]
    server["spec"]["template"]["spec"]["containers"][0]["readinessProb"] = {}
    with pytest.raises(jsonschema.ValidationError):
        check(kubernetes, server)


def test_the_servers_have_probes_limits_scaling_secrets_and_a_budget() -> None:
    by_kind: dict[str, list[Any]] = {}
    for each in resources():
        by_kind.setdefault(each.values[0]["kind"], []).append(each.values[0])
    (server,) = by_kind["StatefulSet"]
    (container,) = server["spec"]["template"]["spec"]["containers"]
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)
    assert {"requests", "limits"} == set(container["resources"])
    assert {"secretRef": {"name": "twitchwise"}} in container["envFrom"]
    (scaler,), (budget,) = by_kind["HorizontalPodAutoscaler"], by_kind["PodDisruptionBudget"]
    assert scaler["spec"]["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": server["metadata"]["name"]}
    assert budget["spec"]["selector"]["matchLabels"] == server["spec"]["template"]["metadata"]["labels"]
    # Every setting named is one that exists.
    known = {min(field.field_info.extra["env_names"]).upper() for field in Settings.__fields__.values()}
    told = {name for kind, key in (("ConfigMap", "data"), ("Secret", "stringData")) for each in by_kind[kind] for name in each[key]}
    assert told - known == {"REDIS_PASSWORD", "TWITCHWISE_CONTENT_KEYS"}


def test_the_compose_file_is_valid() -> None:
    schema = json.loads((ROOT / "tests" / "support" / "schemas" / "compose-spec.json").read_text(encoding="utf-8"))
    content = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    validator = jsonschema.Draft201909Validator(schema)
    validator.validate(content)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**content, "services": {"rasa-1": {"imaje": "twitchwise"}}})
    servers = [name for name in content["services"] if name.startswith("rasa-")]
    lines = content["services"]["proxy"]["environment"]["RASA_SERVERS"]
    assert servers and all(f"server {name}:5005 " in lines for name in servers)
    for volume in content["services"]["proxy"]["volumes"]:
        assert (DEPLOY / volume.split(":")[0]).is_file()
    assert (DEPLOY / content["services"]["rasa-1"]["build"]["context"] / content["services"]["rasa-1"]["build"]["dockerfile"]).is_file()


def test_the_template_names_what_the_compose_file_gives_and_nothing_else() -> None:
    names = set(re.findall(r"\$\{([A-Z_]+)\}", TEMPLATE.read_text(encoding="utf-8")))
    content = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    assert names == set(content["services"]["proxy"]["environment"])
    made = site(server_lines(["127.0.0.1:1"]), listen="127.0.0.1:2", words="/tmp")
    assert not re.search(r"\$\{[A-Z_]+\}", made)


def test_the_words_of_the_proxy_are_those_of_the_assistant(tmp_path: Path) -> None:
    write_words(tmp_path)
    for name in (WORDS, PAGE):
        assert (tmp_path / name).read_text(encoding="utf-8") == (DEPLOY / "nginx" / name).read_text(encoding="utf-8"), (
            "run python -m twitchwise.cluster_proxy")
    assert "999" in json.loads((tmp_path / WORDS).read_text(encoding="utf-8"))[0]["text"]


@pytest.mark.servers
def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    try:
        program("nginx", "nginx")
    except ClusterError as error:
        pytest.skip(str(error))
    proxy = Proxy(tmp_path, free_port(), "127.0.0.1", [], [], free_port())
    with pytest.raises(ClusterError, match="nginx refuses"):
        proxy.check()     # no server at all: so the check really checks
    home = tmp_path / "proxy"
    for actions in ("", actions_block(["127.0.0.1:5055", "127.0.0.1:5056"], "127.0.0.1:5054")):
        (home / "twitchwise.conf").write_text(
            site(server_lines(["127.0.0.1:5006", "127.0.0.1:5007"]), listen="127.0.0.1:5005", words=str(home), actions=actions,
                 rest_access="allow 127.0.0.1; deny all;"), encoding="utf-8")
        done = subprocess.run([*proxy.command(), "-t"], capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
