"""Accounts, organisations, grants and invitations."""

import secrets
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils import timezone

from kulan.web.people.roles import Role


class Organisation(models.Model):
    """A ministry, institute, company or society that people work for and layers belong to."""

    name = models.CharField(max_length=200, unique=True)
    iso3 = models.CharField(max_length=3, blank=True)

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; without a password nobody can log in with one.

        Its address counts as confirmed: allauth else takes it away when another one is asked for.
        """
        from allauth.account.models import EmailAddress  # noqa: PLC0415  knows our model itself

        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        with transaction.atomic():
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find an account by its address, in whatever case it is written."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person with an account; what it may do stands in its grants."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("name",)

    def __str__(self) -> str:
        """Return the name, never the address: it stands on pages others read."""
        return self.name

    def get_full_name(self) -> str:
        """Return the name, as Django asks for it."""
        return self.name

    @property
    def uid(self) -> str:
        """Return the name of this person in addresses and events."""
        return str(self.pk)


class Grant(models.Model):
    """A role that a person holds, for a state or a species where the role asks for one."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=Role.choices)
    iso3 = models.CharField(max_length=3, blank=True)
    species_id = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "iso3", "species_id"), name="one_grant_of_a_kind"
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.FOCAL_POINT) | ~models.Q(iso3=""),
                name="focal_point_of_a_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.SPECIES_COORDINATOR) | ~models.Q(species_id=""),
                name="coordinator_of_a_species",
            ),
        )

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on a day; the last day is one of them."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def __str__(self) -> str:
        """Return the role and what it is for."""
        return " ".join(filter(None, (self.role, self.iso3, self.species_id)))


def new_code() -> str:
    """Return a code nobody can guess."""
    return secrets.token_urlsafe(24)


class Invitation(models.Model):
    """The only way to an account: sent to one address, used once, for a while."""

    code = models.CharField(max_length=40, unique=True, default=new_code)
    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    iso3 = models.CharField(max_length=3, blank=True)
    species_id = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=2, default="en")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_by = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitation"
    )
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return not self.used_at and not self.withdrawn_at and timezone.now() < self.expires_at

    def __str__(self) -> str:
        """Return whom it invites."""
        return self.email
