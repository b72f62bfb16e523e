"""Who the annotators of a file are, where its names are not the ones to keep."""

from collections.abc import Mapping
from functools import cached_property

from data.judgements.person import normalised_name, person_of

REST = "*"


class AnnotatorMap:
    """Names of a file and the names to keep, by the rule that makes names one person.

    A name that ends in * stands for all that begin so, and * in the name to keep for the rest of
    it. A whole name goes before one with *, and of several with * the longest.
    """

    def __init__(self, lines: Mapping[str, str] | None = None) -> None:
        """`lines` are names as they are written, to the names to keep."""
        self.lines = dict(lines or {})

    @cached_property
    def _whole(self) -> Mapping[str, str]:
        return {person_of(line): line for line in self.lines if not line.endswith(REST)}

    @cached_property
    def _beginnings(self) -> list[tuple[str, str]]:
        found = [
            (normalised_name(line)[: -len(REST)].casefold(), line)
            for line in self.lines
            if line.endswith(REST)
        ]
        return sorted(found, key=lambda each: -len(each[0]))

    def line_of(self, name: str) -> str | None:
        """Which line says who a name of the file is, or None."""
        whole = self._whole.get(person_of(name))
        return whole if whole is not None else self._by_beginning(normalised_name(name))[0]

    def kept(self, name: str) -> str | None:
        """The name to keep for a name of the file, or None if the map does not say."""
        line = self.line_of(name)
        if line is None or not line.endswith(REST):
            return None if line is None else self.lines[line]
        return self.lines[line].replace(REST, self._by_beginning(normalised_name(name))[1])

    def _by_beginning(self, name: str) -> tuple[str | None, str]:
        """The line with * that fits a name, and the rest of the name."""
        for beginning, line in self._beginnings:
            # cut by cut, as folding can change how long a name is
            for cut in range(len(name)):
                if name[:cut].casefold() == beginning:
                    return line, name[cut:]
        return None, ""
