"""Places for annotation stores: SQLite files always, PostgreSQL where a server can be started."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from data.store.store import AnnotationStore, open_store

_NUMBERS = count()


def _program(name: str) -> str | None:
    """Debian keeps the server's programs off the PATH, one folder a version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The folder of the socket of a server of its own, thrown away afterwards."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if not initdb or not pg_ctl:
        pytest.skip("no PostgreSQL server here: initdb and pg_ctl are not installed")
    user = "nobody" if os.geteuid() == 0 else None  # the server refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="demarche-"))
    if user:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        subprocess.run(command, cwd=folder, user=user, check=True, stdout=subprocess.DEVNULL)

    data, log = str(folder / "data"), str(folder / "log")
    run(initdb, "-D", data, "-U", "demarche", "--auth=trust", "--no-sync", "--locale=C.UTF-8")
    server = f"-c listen_addresses='' -k {folder}"
    run(pg_ctl, "-D", data, "-l", log, "-o", server, "-w", "start")
    try:
        yield str(folder)
    finally:
        run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes the location of a new, empty store at each call."""
    if request.param == "sqlite":
        return lambda: str(tmp_path / f"store{next(_NUMBERS)}" / "annotations.db")
    socket = request.getfixturevalue("postgresql")

    def new_database() -> str:
        name = f"store{next(_NUMBERS)}"
        address = f"postgresql://demarche@/postgres?host={socket}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://demarche@/{name}?host={socket}"

    return new_database


@pytest.fixture
def store(location: Callable[[], str]) -> Iterator[AnnotationStore]:
    opened = open_store(location())
    yield opened
    opened.close()
