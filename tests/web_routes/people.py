"""Rows of the addresses about people, accounts, and what happened."""

from web_routes import SIGNED_IN, Row, only

SEES = ("farida", "gulnara")  # secretariat, administrator
KEEPS = ("gulnara",)
INVITES = ("farida", "gulnara", "bat", "chinara")  # and the focal points of two states
_DMITRI = {"user_id": "dmitri"}
_GRANT = {"user_id": "dmitri", "grant_id": "dmitri's grant"}


def _kept(status: int) -> tuple[int, dict[str, int]]:
    """Outsiders 404, the secretariat may see but not do."""
    return 404, {"farida": 403, "gulnara": status}


ROWS = (
    # lists, and one person
    Row("people", *only(200, *SEES, others=404)),
    Row("people", 405, method="post"),
    Row("person", *only(200, *SEES, others=404), arguments=_DMITRI),
    Row("person", 404, arguments={"user_id": "nobody's number"}),
    Row("give_grant", *_kept(302), method="post", arguments=_DMITRI, data={"role": "scientist"}),
    Row("give_grant", *only(422, *SEES, others=404), method="post", arguments=_DMITRI,
        data={"role": "focal_point"}),
    Row("give_grant", 405, arguments=_DMITRI),
    Row("end_grant", *_kept(302), method="post", arguments=_GRANT),
    Row("end_grant", 405, arguments=_GRANT),
    Row("close_account", *_kept(302), method="post", arguments=_DMITRI),
    Row("close_account", 405, arguments=_DMITRI),
    Row("reopen_account", *_kept(302), method="post", arguments=_DMITRI),
    Row("reopen_account", 405, arguments=_DMITRI),
    Row("move_person", *_kept(302), method="post", arguments=_DMITRI),
    Row("move_person", 405, arguments=_DMITRI),
    # organisations
    Row("organisations", *only(200, *SEES, others=404)),
    Row("organisations", *only(302, *SEES, others=404), method="post", data={"name": "New"}),
    Row("organisation", *only(200, *SEES, others=404),
        arguments={"organisation_id": "dmitri's organisation"}),
    Row("organisation", *only(302, *SEES, others=404), method="post",
        arguments={"organisation_id": "dmitri's organisation"}, data={"name": "Steppe"}),
    # invitations
    Row("invitations", *only(200, *INVITES, others=404)),
    Row("invitations", *only(422, *INVITES, others=404), method="post"),
    Row("withdraw_invitation", *only(302, *SEES, others=404), method="post",
        arguments={"invitation_id": "invitation"}),
    Row("withdraw_invitation", 405, arguments={"invitation_id": "invitation"}),
    Row("invitation", 200, arguments={"code": "invitation's code"}),
    Row("invitation", 404, arguments={"code": "no such thing"}),
    Row("invitation", 200, {"nobody": 422}, method="post",
        arguments={"code": "invitation's code"}),
    # one's own account: whoever is not signed in signs in first
    Row("my_account", *only(302, "nobody", others=200)),
    Row("my_account", *only(302, "nobody", others=422), method="post"),
    Row("my_data", *only(302, "nobody", others=200)),
    Row("my_data", 405, method="post"),
    Row("erase_account", 302),  # to show once more who they are
    Row("erase_account", 302, method="post"),
    # what happened
    Row("events", *only(200, *KEEPS, others=404)),
    Row("events_csv", *only(200, *KEEPS, others=404)),
    Row("events_of", 404, arguments={"kind": "user", "uid": "dmitri"}),
    # allauth's: ways in
    Row("account_login", 200, dict.fromkeys(SIGNED_IN, 302)),
    Row("account_login", 200, dict.fromkeys(SIGNED_IN, 302), method="post",
        data={"login": "x@test.example", "password": "y"}),
    Row("account_logout", 200, {"nobody": 302}),
    Row("account_logout", 302, method="post"),
    Row("account_inactive", 200),
    Row("account_signup", 200, dict.fromkeys(SIGNED_IN, 302)),
    Row("account_signup", 200, dict.fromkeys(SIGNED_IN, 302), method="post",
        data={"email": "x@test.example", "password1": "zmlkPq23 4mn", "password2": "zmlkPq23 4mn"}),
    Row("account_email_verification_sent", 200),
    Row("account_confirm_email", 200, arguments={"key": "no such thing"}),
    Row("account_reset_password", 200),
    Row("account_reset_password", 302, method="post", data={"email": "x@test.example"}),
    Row("account_reset_password_done", 200),
    Row("account_reset_password_from_key", 200,
        arguments={"uidb36": "dmitri", "key": "no such thing"}),
    Row("account_reset_password_from_key_done", 200),
    Row("account_confirm_login_code", 302),
    Row("mfa_authenticate", 302),
    Row("mfa_login_webauthn", 302),
    # allauth's: one's own account
    Row("account_reauthenticate", 200, {"nobody": 302}),
    Row("account_email", 200, {"nobody": 302}),
    Row("account_change_password", 200, {"nobody": 302}),
    Row("account_set_password", 302),  # everyone has one
    Row("usersessions_list", 200, {"nobody": 302}),
    Row("mfa_index", 200, {"nobody": 302}),
    Row("mfa_reauthenticate", 302),  # nobody has a second factor: by password
    Row("mfa_reauthenticate_webauthn", 302),
    Row("mfa_activate_totp", 302),  # to show once more who they are
    Row("mfa_deactivate_totp", 404, {"nobody": 302}),
    Row("mfa_view_recovery_codes", 404, {"nobody": 302}),
    Row("mfa_generate_recovery_codes", 302),
    Row("mfa_download_recovery_codes", 404, {"nobody": 302}),
    Row("mfa_list_webauthn", 200, {"nobody": 302}),
    Row("mfa_add_webauthn", 302),
    Row("mfa_remove_webauthn", 302, arguments={"pk": "nobody's number"}),
    Row("mfa_edit_webauthn", 302, arguments={"pk": "nobody's number"}),
)  # fmt: skip
