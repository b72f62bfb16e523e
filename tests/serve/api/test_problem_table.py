"""The one table of statuses and codes: complete, without doubles, and closed towards the inside."""

from collections import Counter

import pytest

from model.errors import ArtifactMissing, DemarcheError, RegistryError
from serve.api.problem_table import STATUSES, kind_of_error, kind_of_status
from serve.api.problems import problem_of
from serve.refusals import Refusal


def listed() -> list[type[DemarcheError]]:
    return [error for status in STATUSES.values() for error in status.errors]


@pytest.mark.parametrize("refusal", Refusal.__subclasses__())
def test_every_refusal_has_a_status_of_its_own_in_the_table(refusal: type[Refusal]):
    assert refusal in listed()


def test_no_error_is_listed_twice_and_no_two_errors_share_a_code():
    codes = [code for status in STATUSES.values() for code in status.errors.values()]

    assert max(Counter(listed()).values()) == 1
    assert max(Counter(codes).values()) == 1


def test_an_error_below_a_listed_one_is_answered_as_that():
    class FolderMoved(ArtifactMissing):
        """A kind that the table does not know."""

    assert kind_of_error(FolderMoved("gone")) == kind_of_error(ArtifactMissing("gone"))
    assert kind_of_error(FolderMoved("gone")).status == 404


@pytest.mark.parametrize("error", [RegistryError("/srv/models/live.json"), KeyError("/srv/models")])
def test_an_error_that_is_not_listed_is_a_500_that_does_not_quote_it(error: Exception):
    problem = problem_of(error)

    assert (problem.status_code, problem.code) == (500, "internal_error")
    assert b"/srv" not in problem.body


def test_a_status_that_is_not_listed_still_has_a_code_and_a_title():
    kind = kind_of_status(418)

    assert (kind.status, kind.code) == (418, "error")
    assert kind.title
