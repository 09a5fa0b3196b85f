from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import Institution, Membership, User
from sscnet.changes.publication import confirm_classification
from tests import make

pytestmark = pytest.mark.django_db


class TestMembership:
    def test_one_is_current(self):
        member = make.Member()
        with pytest.raises(ValidationError, match="End the present membership first"):
            Membership(institution=member, state=Membership.State.SUSPENDED).full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            make.Membership(institution=member)

    def test_past_ones_may_be_many(self):
        member = make.Member()
        make.Membership(institution=member, until=date(2010, 1, 1))
        make.Membership(institution=member, until=date(2015, 1, 1))
        assert member.memberships.count() == 3

    def test_it_does_not_end_before_it_begins(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.Membership(since=date(2020, 1, 2), until=date(2020, 1, 1))

    def test_it_says_who_is_member_partner_former_member_or_supporter(self):
        member, partner, supporter = make.Member(), make.Institution(), make.Supporter()
        former = make.Member(membership__state=Membership.State.FORMER)
        suspended = make.Member(membership__state=Membership.State.SUSPENDED)
        assert set(Institution.objects.members()) == {member, suspended}
        assert set(Institution.objects.former_members()) == {former}
        assert set(Institution.objects.partners()) == {partner}
        assert set(Institution.objects.supporters()) == {supporter}
        assert supporter not in Institution.objects.listed()


class TestNames:
    def test_a_name_is_there_once(self):
        other = make.InstitutionName(name="BIOMA")
        with pytest.raises(IntegrityError), transaction.atomic():
            make.InstitutionName(institution=other.institution, name="BIOMA")


class TestUser:
    def test_upper_and_lower_case_are_one_address(self):
        make.User(email="Li.Hua@Example.org")
        assert User.objects.get_by_natural_key("LI.HUA@example.org").email == "li.hua@example.org"
        with pytest.raises(ValidationError, match="There is already an account with this email"):
            User(email="LI.hua@example.org", password="x").full_clean()

    def test_the_database_keeps_addresses_in_lower_case(self):
        user = make.User()
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=user.pk).update(email="Upper@example.org")

    def test_without_a_password_none_works(self):
        assert not User.objects.create_user("a@example.org").has_usable_password()


class TestAffiliation:
    def test_a_person_has_a_role_at_an_institution_once(self):
        present = make.Affiliation()
        with pytest.raises(IntegrityError), transaction.atomic():
            make.Affiliation(user=present.user, institution=present.institution)

    def test_an_ended_one_leaves_room_for_a_new_one(self):
        past = make.Affiliation(until="2025-01-01")
        make.Affiliation(user=past.user, institution=past.institution, since="2025-02-01")
        assert past.institution.affiliations.count() == 2


class TestConfirmedExpertise:
    def test_another_field_takes_the_confirmation_back(self):
        institution = make.Institution()
        field = make.InstitutionSector(institution=institution)
        for change in (
            lambda: make.InstitutionSector(institution=institution),
            lambda: institution.institution_sectors.filter(pk=field.pk).update(
                sector=make.Sector()
            ),
            lambda: institution.institution_sectors.all().delete(),
        ):
            confirm_classification(institution, make.User())
            change()
            institution.refresh_from_db()
            assert institution.classification_confirmed_on is None
            assert institution.classification_confirmed_by is None
