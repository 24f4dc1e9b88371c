"""People keep a passkey and come in with it; the pages about accounts are for everyone to use."""

import json

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]
WAYS_IN = ("/account/login/", "/account/password/reset/", "/account/signup/", "/account/inactive/")
OWN = (
    "/account/me",
    "/account/2fa/",
    "/account/2fa/webauthn/",
    "/account/email/",
    "/account/password/change/",
    "/account/sessions/",
    "/account/reauthenticate/",
    "/account/logout/",
)
KEEPING = ("/people/", "/people/1", "/people/invitations", "/people/organisations", "/events/")


def give_a_device(page):
    """Plug a device that holds passkeys and knows its owner into the browser."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return device


@pytest.fixture
def own_account(served):
    """The address of an account no other journey signs in with: a key kept here stays kept."""
    served.run(
        "from pathlib import Path\n"
        "from django.conf import settings\n"
        "from kulan.web.people.models import User\n"
        "said = Path(settings.STATE, 'demonstration-password').read_text().strip()\n"
        "User.objects.create_user('keeper@demo.example', said, name='Aigerim')"
    )
    return "keeper@demo.example"


def test_a_passkey_is_kept_and_lets_its_owner_in_without_a_password(visit, served, own_account):
    page = visit("/account/login/")
    give_a_device(page)
    here = served.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    page.goto(f"{here}/account/login/?next=/account/2fa/webauthn/add/")
    page.fill("input[name=login]", own_account)
    page.fill("input[name=password]", served.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "reauthenticate" in url)
    page.fill("input[name=password]", served.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "webauthn/add" in url)
    page.fill("#id_name", "Ключ на связке")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "recovery-codes" in url)

    page.goto(f"{here}/account/2fa/webauthn/")
    assert "Ключ на связке" in page.inner_text("table")
    assert "Passkey" in page.inner_text("table")
    page.goto(f"{here}/account/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "logout" not in url)

    page.goto(f"{here}/account/login/?next=/account/me")
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/account/login" not in url)
    page.goto(f"{here}/account/me")
    assert page.input_value("#id_name") == "Aigerim"
    assert [text for text in page.problems if "asked another site" not in text] == []


def test_a_device_without_a_key_is_told_of_on_the_page(visit, served, until):
    page = visit("/account/login/")
    give_a_device(page)
    page.goto(served.address.replace("127.0.0.1", "localhost") + "/account/login/")
    assert page.is_hidden("#passkey-problem")
    page.click("#passkey_login")
    until(page, "!document.getElementById('passkey-problem').hidden")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ru", "dark")])
def test_axe_finds_nothing_to_mend_on_the_ways_in(visit, check_axe, language, scheme):
    page = visit(WAYS_IN[0], language=language, scheme=scheme, bypass_csp=True)
    for address in WAYS_IN:
        page.goto(page.url.split("/account")[0] + address)
        check_axe(page)


@pytest.mark.parametrize(("language", "scheme"), [("fr", "light"), ("ru", "dark")])
def test_axe_finds_nothing_to_mend_in_accounts(visit, served, check_axe, language, scheme):
    page = visit(
        "/account/me", language=language, scheme=scheme, role="administrator", bypass_csp=True
    )
    for address in (*OWN, *KEEPING):
        page.goto(served.address + address)
        check_axe(page)
    page.goto(f"{served.address}/account/2fa/totp/activate/")
    page.fill("input[name=password]", served.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "totp/activate" in url)
    check_axe(page)
    page.goto(f"{served.address}/account/2fa/webauthn/add/")
    check_axe(page)
    page.goto(f"{served.address}/account/me/erase")
    check_axe(page)


@pytest.mark.parametrize("width", [360, 768])
def test_no_page_about_people_is_wider_than_the_screen(visit, served, width):
    page = visit("/account/me", language="ru", width=width, role="administrator")
    for address in (*OWN, *KEEPING):
        page.goto(served.address + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_an_invitation_becomes_an_account(visit, served):
    code = json.loads(
        served.run(
            "import json\n"
            "from kulan.web.people.invitations import invite\n"
            "made = invite(None, 'new@demo.example', role='partner', name='Nurlan')\n"
            "print(json.dumps(made.code))"
        )
    )
    page = visit(f"/invitation/{code}", language="ru", width=390)
    page.fill("#id_password1", "quite a long one indeed")
    page.fill("#id_password2", "quite a long one indeed")
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/invitation/" not in url)
    page.goto(f"{served.address}/account/me")
    assert page.input_value("#id_name") == "Nurlan"
    assert "Партнёр" in page.inner_text("main")
