"""What a person sees of a command that ends early."""

import pytest

from model.command_line import run
from model.errors import DemarcheError, Fault, GateFailed, InvalidData


def raising(error: BaseException):
    def command() -> int:
        raise error

    return command


def test_a_command_that_returns_nothing_is_done():
    assert run(lambda: None) == 0
    assert run(lambda: 6) == 6


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GateFailed("worse"), 4),
        (InvalidData([Fault("a.jsonl", 3, "text", "missing", "nothing", "a string")]), 3),
        (DemarcheError("broken"), 1),
        (FileNotFoundError(2, "No such file or directory", "gone.jsonl"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_said_in_one_line_on_stderr_and_gives_the_exit_code(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
):
    assert run(raising(error)) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"error: {error}\n"


def test_ctrl_c_says_that_nothing_was_written(capsys: pytest.CaptureFixture[str]):
    assert run(raising(KeyboardInterrupt())) == 130
    assert "nothing was written" in capsys.readouterr().err


def test_an_unexpected_error_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run(raising(ZeroDivisionError()))
