"""The files for containers say what is so: linted, and held against the code that they pack."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values

from operations.cli import COMMANDS
from tests.support.message_servers import RedisServer, ServerMissing, required
from tests.support.process import REPOSITORY
from utils.config import SETTINGS, Config

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl." + "x" * 38

IMPORT_ALL = """
import importlib, pathlib, sys
import main
for path in sorted(pathlib.Path().rglob("*.py")):
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    if not name.startswith("deploy"):
        importlib.import_module(name)
"""


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def tool(name: str) -> str:
    found = Path(sys.executable).parent / name
    if not found.exists():
        pytest.skip(f"{name} isn't made for this machine")
    return str(found)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The folder that the image would have, put together from the Dockerfile's own lines."""
    folder = tmp_path / "app"
    folder.mkdir()
    for source, target in re.findall(r"^COPY ([\w/.]+) ([\w/.]+)$", DOCKERFILE, re.MULTILINE):
        if (REPOSITORY / source).is_dir():
            shutil.copytree(REPOSITORY / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (folder / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / source, folder / target if target != "./" else folder)
    return folder


def test_the_dockerfile_has_no_fault_that_a_linter_finds():
    linted = run(tool("hadolint"), "--config", str(REPOSITORY / ".hadolint.yaml"), str(REPOSITORY / "Dockerfile"))
    assert (linted.returncode, linted.stdout) == (0, "")


def test_a_linter_would_tell(tmp_path: Path):
    wrong = tmp_path / "Dockerfile"
    wrong.write_text("FROM debian\nRUN cd /tmp\n")
    assert run(tool("hadolint"), str(wrong)).returncode == 1


def test_compose_has_the_shape_that_its_specification_asks_for():
    checked = run(
        tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(REPOSITORY / "compose.yaml")
    )
    assert checked.returncode == 0, checked.stdout


def test_kubernetes_takes_the_example():
    checked = run(tool("kubernetes-validate"), "--strict", str(REPOSITORY / "deploy/kubernetes/hearth.yaml"))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_example_for_kubernetes_belongs_together():
    parts = {
        part["kind"]: part for part in yaml.safe_load_all((REPOSITORY / "deploy/kubernetes/hearth.yaml").read_text())
    }
    replicas = parts["StatefulSet"]["spec"]["replicas"]
    pod = parts["StatefulSet"]["spec"]["template"]["spec"]
    settings = parts["ConfigMap"]["data"]
    (container,) = pod["containers"]
    for ordinal in range(replicas):
        given = settings | {"CLUSTER": settings["CLUSTER"].replace("auto", str(ordinal + 1))}
        Config.from_env({"DISCORD_TOKEN": TOKEN, "DATABASE_URL": "postgresql://hearth@postgres/hearth"} | given)
    assert settings["CLUSTER"] == f"auto/{replicas}"
    assert int(settings["SHARD_COUNT"]) >= replicas
    assert {port["containerPort"] for port in container["ports"]} == {int(settings["METRICS_PORT"])}
    cache = environment_of(DOCKERFILE)["PYTHONPYCACHEPREFIX"]
    assert {"/tmp", cache} <= {mount["mountPath"] for mount in container["volumeMounts"]}, "the rest is read-only"
    assert pod["securityContext"]["runAsUser"] == 1000, "as in the image"


@pytest.mark.slow
def test_the_image_holds_all_that_the_bot_imports_and_reads(image: Path):
    assert not (image / "tests").exists()
    loaded = run(sys.executable, "-c", IMPORT_ALL, cwd=image)
    assert loaded.returncode == 0, loaded.stderr
    for folder in ("resources", "locales", "migrations"):
        assert {path.relative_to(image) for path in (image / folder).rglob("*") if path.is_file()} == {
            path.relative_to(REPOSITORY)
            for path in (REPOSITORY / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }


def test_what_the_image_copies_is_sent_to_the_builder():
    """`.dockerignore` leaves everything out but what it names."""
    named = set(re.findall(r"^!(\S+)$", (REPOSITORY / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert copied == named


def test_the_image_is_nobodys_root_and_stops_by_the_signal_that_the_bot_hears():
    user = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)
    assert user == ["1000:1000"]
    assert "STOPSIGNAL SIGTERM" in DOCKERFILE
    assert 'ENTRYPOINT ["python", "main.py"]' in DOCKERFILE, "a shell in between would keep the signal to itself"
    grace = COMPOSE["services"]["hearth"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > 10, "longer than running commands are waited for"


def environment_of(text: str) -> dict[str, str]:
    block = re.search(r"^ENV ((?:.*\\\n)*.*)$", text, re.MULTILINE)
    assert block is not None
    return dict(part.split("=", 1) for part in block[1].replace("\\\n", " ").split())


def filled_in(value: str, given: dict[str, str]) -> str:
    """What compose makes of `${NAME:-default}`, the innermost first."""
    pattern = re.compile(r"\$\{(\w+):-([^${}]*)\}")
    while pattern.search(value):
        value = pattern.sub(lambda found: given.get(found[1]) or found[2], value)
    return value


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"DATABASE_URL": "postgresql://hearth:secret@postgres:5432/hearth", "EVENT_BUS": "redis"},
        {"EVENT_BUS": "rabbitmq", "RABBITMQ_PASSWORD": "secret"},
    ],
    ids=["alone", "postgres and redis", "rabbitmq"],
)
def test_the_settings_of_image_and_compose_are_settings_of_the_bot(given: dict[str, str]):
    composed = {key: filled_in(value, given) for key, value in COMPOSE["services"]["hearth"]["environment"].items()}
    known = {setting.key for setting in SETTINGS}
    assert set(composed) <= known
    of_image = environment_of(DOCKERFILE)
    assert {key for key in of_image if not key.startswith("P")} <= known
    config = Config.from_env({"DISCORD_TOKEN": TOKEN} | of_image | given | composed)
    assert config.log_format == "json"
    assert config.database_url == given.get("DATABASE_URL", "sqlite:///data/hearth.db")


def test_a_copy_of_the_example_leaves_the_container_what_its_image_and_compose_say():
    """A line `KEY=` of an env_file is handed on as nothing, and counts more than the image's ENV."""
    copied = dotenv_values(REPOSITORY / ".env.example")
    given = {key: value or "" for key, value in copied.items()} | {"DISCORD_TOKEN": TOKEN}
    composed = {key: filled_in(value, given) for key, value in COMPOSE["services"]["hearth"]["environment"].items()}
    config = Config.from_env(environment_of(DOCKERFILE) | given | composed)
    assert (config.metrics_port, config.metrics_host, config.log_format) == (9464, "0.0.0.0", "json")
    older = given | {"METRICS_PORT": "", "METRICS_HOST": "127.0.0.1"}
    config = Config.from_env(environment_of(DOCKERFILE) | older | composed)
    assert (config.metrics_port, config.metrics_host) == (9464, "0.0.0.0"), "Prometheus and the health check find it"


def test_commands_in_containers_are_given_to_the_program_that_the_image_starts():
    """The image's entry point is the program: `run` gives it arguments, `exec` starts something of its own."""
    page = (REPOSITORY / "docs/DEPLOYMENT.md").read_text()
    names = {module.__name__.rpartition(".")[2] for module in COMMANDS}
    ran = re.findall(r"docker compose run --rm hearth (\S+?)`?\s", page)
    assert ran
    assert set(ran) <= names
    executed = re.findall(r"docker compose exec hearth python main.py (\w+)", page)
    assert executed
    assert set(executed) <= names


def test_what_the_bot_keeps_lies_in_a_volume():
    (volume,) = [entry for entry in COMPOSE["services"]["hearth"]["volumes"] if entry.startswith("data:")]
    target = volume.split(":")[1]
    workdir = re.findall(r"^WORKDIR (.+)$", DOCKERFILE, re.MULTILINE)[-1]
    assert target == f"{workdir}/data"
    assert f"VOLUME {target}" in DOCKERFILE


def test_every_server_waited_for_says_when_it_is_there():
    services = COMPOSE["services"]
    for name, wanted in services["hearth"]["depends_on"].items():
        assert wanted == {"condition": "service_healthy", "required": False}, "the bot starts without it, too"
        assert services[name]["healthcheck"]["test"]
    for name, service in services.items():
        named = {entry.split(":")[0] for entry in service.get("volumes", ())}
        assert {entry for entry in named if not entry.startswith(".")} <= set(COMPOSE["volumes"]), name
        for entry in named:
            assert not entry.startswith(".") or (REPOSITORY / entry).exists(), entry


class ComposedRedis(RedisServer):
    """Redis with what compose starts it by, over what tests need."""

    def _arguments(self) -> list[str]:
        return [*super()._arguments(), *COMPOSE["services"]["redis"]["command"][1:]]


@pytest.mark.slow
def test_redis_starts_as_compose_starts_it():
    assert COMPOSE["services"]["redis"]["command"][0] == ComposedRedis.program
    try:
        server = ComposedRedis()
    except ServerMissing as missing:
        if required():
            raise
        pytest.skip(str(missing))
    try:
        server.start()
        asked = ("redis-cli", "-p", str(server.port), "config", "get", "maxmemory*")
        answer = run(*asked).stdout.split()
    finally:
        server.remove()
    limits = dict(zip(answer[::2], answer[1::2], strict=True))
    assert (limits["maxmemory"], limits["maxmemory-policy"]) == (str(256 * 2**20), "volatile-lru")


def test_slimming_takes_what_is_not_read_and_nothing_else(tmp_path: Path):
    packages = tmp_path / "lib/python3.13/site-packages"
    kept = ["babel/locale-data/root.dat", "babel/locale-data/de_AT.dat", "babel/core.py", "discord/client.py"]
    gone = ["babel/locale-data/fr.dat", "asyncpg/protocol.pyx", "fontTools/tests/a.py", "pip/__init__.py", "x/x.c"]
    for name in kept + gone:
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_text("")
    (packages / "loaded").mkdir()
    shutil.copy(shutil.which("true") or "/bin/true", packages / "loaded/module.so")
    (tmp_path / "bin").mkdir()
    slimmed = run("sh", str(REPOSITORY / "deploy/slim.sh"), str(tmp_path))
    assert slimmed.returncode == 0, slimmed.stderr
    assert {str(path.relative_to(packages)) for path in packages.rglob("*") if path.is_file()} == {
        *kept,
        "loaded/module.so",
    }
