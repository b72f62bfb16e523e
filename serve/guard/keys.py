"""API keys: who may do what. Only their hashes are kept, and all are compared in constant time."""

import hashlib
import hmac
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from model.errors import DemarcheError, Fault, InvalidData

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HASH = re.compile(r"[0-9a-f]{64}")


class KeysMissing(DemarcheError):
    """The service would be open to anyone, which nobody has said it should be."""

    exit_code = 2


class Scope(StrEnum):
    """What a key reaches; a key may have several."""

    CLASSIFY = "classify"
    ANNOTATE = "annotate"
    ADJUDICATE = "adjudicate"  # beside annotate: decide conflicts that one is a party to
    ADMIN = "admin"


@dataclass(frozen=True)
class Key:
    """One caller. A secret has 256 random bits, so that a plain sha256 keeps it safe."""

    name: str
    scopes: frozenset[Scope]
    sha256: str

    def to_line(self) -> str:
        """The key file's line: name, scopes, hash."""
        return f"{self.name} {','.join(sorted(self.scopes))} {self.sha256}"


@dataclass(frozen=True)
class Keys:
    """All callers that are let in."""

    keys: tuple[Key, ...]

    def find(self, secret: str) -> Key | None:
        """Whose secret it is. Every key is compared, in a time that does not tell which fits."""
        digest = _digest(secret)
        found = [key for key in self.keys if hmac.compare_digest(key.sha256, digest)]
        return found[0] if found else None


def new_key(name: str, scopes: Iterable[Scope]) -> tuple[str, Key]:
    """Make a secret, to be shown once, and the key that knows it.

    Raises:
        InvalidData: it is not a name.
    """
    if not _NAME.fullmatch(name):
        valid = "small letters, digits, . _ -"
        raise InvalidData([Fault("name", 0, "name", "name", repr(name), valid)])
    secret = f"dm_{secrets.token_urlsafe(32)}"
    return secret, Key(name, frozenset(scopes), _digest(secret))


def parse_keys(text: str, *, source: str) -> Keys:
    """Read keys, one a line; blank lines and lines that begin with # are passed over.

    Raises:
        InvalidData: with every line that is not a key.
    """
    keys, faults = sift_keys(text, source=source)
    if faults:
        raise InvalidData(faults)
    return keys


def sift_keys(text: str, *, source: str) -> tuple[Keys, list[Fault]]:
    """Read the lines that are keys, and say what is wrong with the others.

    A name that stands on two lines is a fault of both: nobody can say which scopes were meant.
    """
    rows = [(n, line.split()) for n, line in enumerate(text.splitlines(), 1)]
    parsed = [
        _parse(source, n, fields) for n, fields in rows if fields and not fields[0].startswith("#")
    ]
    keys = [each for each in parsed if isinstance(each, Key)]
    faults = [each for each in parsed if isinstance(each, Fault)]
    names = Counter(key.name for key in keys)
    if twice := sorted(name for name, count in names.items() if count > 1):
        faults.append(Fault(source, 0, "name", "duplicate", repr(twice), "one line a name"))
    if not parsed:
        valid = "at least one; python -m serve key NAME makes one"
        faults.append(Fault(source, 0, "keys", "empty", "no keys", valid))
    return Keys(tuple(key for key in keys if names[key.name] == 1)), faults


def _parse(source: str, line: int, fields: list[str]) -> Key | Fault:
    if len(fields) != 3:
        valid = "three: name, scopes with commas between, sha256"
        return Fault(source, line, "line", "fields", f"{len(fields)} fields", valid)
    name, scopes, digest = fields
    if not _NAME.fullmatch(name):
        return Fault(source, line, "name", "name", repr(name), "small letters, digits, . _ -")
    if unknown := set(scopes.split(",")) - set(Scope):
        return Fault(source, line, "scopes", "scope", repr(sorted(unknown)), ", ".join(Scope))
    if not _HASH.fullmatch(digest):
        return Fault(source, line, "sha256", "hash", f"{len(digest)} characters", "64 hex digits")
    return Key(name, frozenset(map(Scope, scopes.split(","))), digest)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
