"""Addresses of the pages about people and accounts."""

from django.urls import path

from kulan.web.people import account_views, views

urlpatterns = [
    path("account/me", account_views.my_account, name="my_account"),
    path("account/me/data", account_views.my_data, name="my_data"),
    path("account/me/erase", account_views.erase, name="erase_account"),
    path("invitation/<str:code>", account_views.invitation, name="invitation"),
    path("people/", views.people, name="people"),
    path("people/invitations", views.invite, name="invitations"),
    path(
        "people/invitations/<int:invitation_id>/withdraw",
        views.withdraw,
        name="withdraw_invitation",
    ),
    path("people/organisations", views.organisations, name="organisations"),
    path("people/organisations/<int:organisation_id>", views.organisation, name="organisation"),
    path("people/<int:user_id>", views.person, name="person"),
    path("people/<int:user_id>/grants", views.give_grant, name="give_grant"),
    path("people/<int:user_id>/grants/<int:grant_id>/end", views.end_grant, name="end_grant"),
    path("people/<int:user_id>/close", views.close, name="close_account"),
    path("people/<int:user_id>/reopen", views.reopen, name="reopen_account"),
    path("people/<int:user_id>/organisation", views.move, name="move_person"),
]
