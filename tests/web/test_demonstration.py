"""The demonstration has people enough to walk a layer from a draft to its release."""

import pytest

from builders_of_the_web import make_layer, make_version
from kulan.web.catalogue.themes import State
from kulan.web.operation.demonstration import make_accounts
from kulan.web.people.models import User
from kulan.web.policy import viewer_of
from kulan.web.policy.bringing import may_review


@pytest.mark.django_db
@pytest.mark.parametrize(("brings", "decides"), [("scientist", "secretariat"),
                                                 ("secretariat", "scientist")])  # fmt: skip
def test_what_one_demonstration_account_brings_another_decides_on(
    brings, decides, settings, tmp_path
):
    settings.STATE = tmp_path
    make_accounts()
    by_role = {user.email.split("@")[0]: user for user in User.objects.all()}
    owner = by_role[brings]
    version = make_version(make_layer(owner=owner), state=State.IN_REVIEW, created_by=owner)
    assert may_review(viewer_of(by_role[decides]), version)
    assert not may_review(viewer_of(owner), version)
