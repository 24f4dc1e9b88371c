"""`kulan account`, on a state folder of its own: each command is a process, as in a shell."""

import os
import subprocess
import sys

import pytest

PASSWORD = "quite a long one indeed"


@pytest.fixture(scope="module")
def kulan(tmp_path_factory):
    state = tmp_path_factory.mktemp("state")
    environment = {**os.environ, "KULAN_EMAIL_URL": f"file://{state}/letters"}
    for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "KULAN_PUBLIC_URL"):
        environment.pop(name, None)

    def run(*words, given=""):
        program = "from kulan.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", program, "account", *words, "--state", str(state)],
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    run.state = state
    return run


def test_the_first_administrator_is_made_and_a_second_person_invited(kulan):
    create = ("create", "Gulnara@test.example", "--name", "Gulnara", "--role", "administrator")
    made = kulan(*create, "--password-file", "-", given=PASSWORD + "\n")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == "gulnara@test.example can sign in as administrator.\n"

    again = kulan(*create, "--password-file", "-", given=PASSWORD)
    assert again.returncode == 53
    assert "has an account already" in again.stderr

    last = kulan("close", "gulnara@test.example")
    assert last.returncode == 51
    assert "last administrator" in last.stderr

    invited = kulan("invite", "bat@test.example", "--role", "focal_point", "--country", "mng")
    assert invited.stdout.startswith("http://127.0.0.1:8000/invitation/")
    [letter] = (kulan.state / "letters").iterdir()
    assert invited.stdout.strip() in letter.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "given", "code", "told"),
    [
        (("create", "no address", "--name", "X", "--password-file", "-"), PASSWORD, 53, "address"),
        (("create", "x@test.example", "--name", "X", "--password-file", "-"), "short", 53, "short"),
        (("grant", "x@test.example", "partner"), "", 14, "no account"),
        (("invite", "x@test.example", "--role", "focal_point"), "", 14, "range state"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(kulan, words, given, code, told):
    answer = kulan(*words, given=given)
    assert answer.returncode == code
    assert told in answer.stderr
    assert "Traceback" not in answer.stderr
