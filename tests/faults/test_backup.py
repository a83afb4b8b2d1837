"""Backup and restore as docs/operations.md says, on the shared cluster: a dump made while people talk holds whole turns and can be read again."""
from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.conftest import Running, need, until
from tests.faults.traffic import Traffic
from tests.integration.records.receiver import Receiver
from twitchwise.cluster_parts import program
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import as_keys
from twitchwise.records.privacy import export

pytestmark = pytest.mark.servers
TABLES = ("conversations", "turns", "findings", "assessments", "escalations", "outbox", "tracker_events", "deletions")


async def test_a_dump_under_load_is_restored_whole(running: Running, receiver: Receiver, tmp_path: Path) -> None:
    need(("pg_dump", "postgresql-client"), ("psql", "postgresql-client"))
    traffic = Traffic(running.cluster.url, 4, emergencies_every=2, name="backup")
    talking = asyncio.create_task(traffic.talk())
    try:
        await until(lambda: sum(each.answered for each in traffic.said) >= 12, "the first answers")
        person = traffic.people[0]
        said_before = sum(each.answered for each in person.said)
        await asyncio.to_thread(_dump_and_restore, running, tmp_path / "twitchwise.sql")
    finally:
        traffic.stop()
        await talking
    url = running.cluster.postgres.url
    restored = make_engine(url.rpartition("/")[0] + "/restored")
    try:
        with restored.connect() as connection:
            counts = {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}
            # Whole turns only: no escalation without its outbox row, no turn without its conversation.
            assert counts["escalations"] == counts["outbox"]
            assert connection.execute(text("SELECT count(*) FROM turns WHERE conversation_id NOT IN (SELECT id FROM conversations)")).scalar() == 0
        # With the signing key, which is kept apart, it is the same person's data again.
        kept = export(restored, as_keys(running.cluster.environment()["TWITCHWISE_SIGNING_KEY"]), person.sender)
        assert sum(each["event"] == "user" for each in kept["messages"]) >= said_before
    finally:
        restored.dispose()


def _dump_and_restore(running: Running, file: os.PathLike[str]) -> None:
    url = running.cluster.postgres.url
    subprocess.run([program("pg_dump", "postgresql-client"), "--no-owner", f"--file={file}", url], check=True, timeout=120)
    psql = program("psql", "postgresql-client")
    subprocess.run([psql, "-q", "-c", "CREATE DATABASE restored", url], check=True, timeout=60)
    subprocess.run([psql, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(file), url.rpartition("/")[0] + "/restored"],
                   check=True, timeout=120, stdout=subprocess.DEVNULL)
