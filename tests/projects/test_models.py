from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from projects.models import FundNumber, Project, ProjectCountry, ProjectSDG
from sscnet.changes.publication import confirm_classification
from sscnet.core.models import OldSlug
from tests import make

pytestmark = pytest.mark.django_db


def fields(error):
    return set(error.value.message_dict)


class TestCode:
    def test_each_project_gets_the_next_code_however_it_is_made(self):
        first = make.Project()
        Project.objects.bulk_create([Project(slug="in-bulk")])
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO projects_project SELECT (copy.row).* FROM ("
                " SELECT jsonb_populate_record(p, jsonb_build_object("
                "  'id', 99, 'slug', 'by-sql', 'code', next_project_code())) AS row"
                " FROM projects_project p WHERE p.id = %s OFFSET 0) AS copy",
                [first.pk],
            )
        codes = [int(p.code.removeprefix("SSC-")) for p in Project.objects.order_by("code")]
        assert codes == list(range(codes[0], codes[0] + 3))

    def test_a_code_is_never_used_again_changed_or_taken_by_a_look(self):
        gone = make.Project()
        code = gone.code
        gone.delete()
        assert make.Project().code > code

        project = make.Project()
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Project.objects.filter(pk=project.pk).update(code="SSC-9999")

        before = make.Project().code
        Project(title="Only looked at", slug="looked-at").full_clean()
        after = make.Project().code
        assert int(after.removeprefix("SSC-")) == int(before.removeprefix("SSC-")) + 1

        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('project_code', 9999)")
        assert make.Project().code == "SSC-10000"


class TestAddress:
    def test_it_is_made_of_the_title_or_in_pinyin_or_of_the_code(self):
        assert make.Project(title="Biogas & bamboo").slug == "biogas-bamboo"

        assert make.Project(title="", title_zh_hans="沼气论坛").slug == "zhao-qi-lun-tan"

        project = make.Project(title="")
        assert project.slug == project.code.lower()
        project.title = "Now it has one"
        project.save()
        assert project.slug == "now-it-has-one"

    def test_a_replaced_address_is_kept_and_nobody_elses(self):
        project = make.Project(slug="first")
        Project.objects.filter(pk=project.pk).update(slug="second")
        assert Project.objects.for_slug("first").get() == project
        assert Project.objects.for_slug("second").get() == project

        Project.objects.filter(pk=project.pk).update(slug="first")
        assert set(OldSlug.objects.values_list("slug", flat=True)) == {"first", "second"}
        assert Project.objects.for_slug("second").get() == project

        project = make.Project(slug="taken")
        Project.objects.filter(pk=project.pk).update(slug="moved")
        assert make.Project(title="Taken").slug == "taken-2"
        with pytest.raises(ValidationError) as error:
            Project(title="x", slug="taken").full_clean()
        assert fields(error) == {"slug"}


class TestAmounts:
    @pytest.mark.parametrize(
        "name", ["granted_usd", "other_inputs_usd", "other_cash_usd", "other_kind_usd"]
    )
    def test_none_is_negative(self, name):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.Project(**{"other_inputs_usd": 5, name: -1})

    @pytest.mark.parametrize(
        ("other", "cash", "kind", "is_fine"),
        [
            (10, 4, 6, True),
            (10, 4, 7, False),
            (10, 11, None, False),
            (None, 1, None, False),
            (10, None, None, True),
            (None, None, None, True),
            (0, 0, 0, True),
        ],
    )
    def test_cash_and_kind_stay_within_the_other_inputs(self, other, cash, kind, is_fine):
        values = {"other_inputs_usd": other, "other_cash_usd": cash, "other_kind_usd": kind}
        project = Project(title="x", slug="x", **values)
        if is_fine:
            project.full_clean()
            return
        with pytest.raises(ValidationError, match="Cash and kind together"):
            project.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            make.Project(**values)

    def test_the_total_is_stated_only_when_both_parts_are(self):
        assert make.Project.build(granted_usd=29000, other_inputs_usd=56000).total_usd == 85000
        assert make.Project.build(granted_usd=29000).total_usd is None


class TestDates:
    @pytest.mark.parametrize("kind", ["planned", "actual"])
    def test_an_end_is_not_before_its_start(self, kind):
        dates = {f"{kind}_start_on": date(2020, 2, 1), f"{kind}_end_on": date(2020, 1, 31)}
        with pytest.raises(IntegrityError), transaction.atomic():
            make.Project(**dates)

    def test_a_final_report_has_a_day_a_month_or_a_year(self):
        for value in ("2019", "2019-05", "2019-05-21", ""):
            project = Project(title="x", slug="x", final_report_on=value)
            project.full_clean()
            assert project.final_report_on == value
        for value in ("2019-13", "2019-02-30", "May 2019", "19", "２０１９"):
            with pytest.raises(ValidationError) as error:
                Project(title="x", slug="x", final_report_on=value).full_clean()
            assert fields(error) == {"final_report_on"}, value
        with pytest.raises(IntegrityError), transaction.atomic():
            make.Project(final_report_on="May 2019")


class TestNumbersOfTheFund:
    @pytest.mark.parametrize("number", ["INT18K08", "INT/18/K8", "int/18/k08", "INT/181K08"])
    def test_other_spellings_are_refused(self, number):
        project = make.Project()
        with pytest.raises(IntegrityError), transaction.atomic():
            make.FundNumber(project=project, number=number)

    def test_two_projects_cannot_share_one_and_one_may_have_several(self):
        make.FundNumber(number="INT/18/K08")
        with pytest.raises(ValidationError, match="Another project has this number"):
            FundNumber(project=make.Project(), number="INT/18/K08").full_clean()

        project = make.Project(numbers=["INT/92/K06", "INT/93/K01"])
        assert project.fund_numbers.count() == 2


class TestCountries:
    def test_a_country_is_there_once_and_one_leads(self):
        link = make.ProjectCountry()
        with pytest.raises(IntegrityError), transaction.atomic():
            make.ProjectCountry(project=link.project, country=link.country)

        project = make.Project(countries=[make.Country()])
        with pytest.raises(ValidationError, match="Only one country can lead"):
            ProjectCountry(project=project, country=make.Country(), role="lead").full_clean()

    def test_few_or_foreign_countries_and_low_inputs_only_warn(self):
        outsider = make.Country(name="Elsewhere", g77=None)
        countries = [make.Country(), outsider]
        project = make.Project(countries=countries, granted_usd=10, other_inputs_usd=9)
        assert [str(warning) for warning in project.warnings()] == [
            "Fewer than three countries take part.",
            "Not known to be members of the Group of 77: Elsewhere.",
            "The other inputs are lower than the grant.",
        ]

        countries = make.Country.create_batch(3)
        project = make.Project(countries=countries, granted_usd=10, other_inputs_usd=10)
        assert project.warnings() == []


class TestGoals:
    def test_one_primary_and_four_secondary_goals_fit_and_change_places(self):
        goals = [make.SDG(number=n) for n in range(1, 7)]
        project = make.Project(sdgs=goals[:5])
        assert project.project_sdgs.filter(place=0).count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            make.ProjectSDG(project=project, sdg=goals[5], place=5)

        project = make.Project(sdgs=[make.SDG(number=1), make.SDG(number=2)])
        first, second = project.project_sdgs.all()
        with transaction.atomic():
            ProjectSDG.objects.filter(pk=first.pk).update(place=1)
            ProjectSDG.objects.filter(pk=second.pk).update(place=0)
            connection.check_constraints()
        assert [goal.sdg_id for goal in project.project_sdgs.all()] == [2, 1]

    def test_a_second_primary_goal_is_refused_at_the_end_of_the_transaction(self):
        project = make.Project(sdgs=[make.SDG(number=1)])
        make.ProjectSDG(project=project, sdg=make.SDG(number=2))
        with pytest.raises(IntegrityError):
            connection.check_constraints()


class TestLastChanged:
    def test_a_save_that_changes_nothing_leaves_it(self):
        project = make.Project()
        before = Project.objects.get(pk=project.pk).updated_at
        project.save()
        assert Project.objects.get(pk=project.pk).updated_at == before

    @pytest.mark.parametrize(
        "change",
        [
            lambda project: Project.objects.filter(pk=project.pk).update(title="New"),
            lambda project: make.ProjectCountry(project=project),
            lambda project: make.ProjectInstitution(project=project),
            lambda project: project.fund_numbers.all().delete(),
            lambda project: project.project_sdgs.update(reason="Because."),
        ],
    )
    def test_any_change_of_the_project_or_its_links_moves_it(self, change):
        project = make.Project(numbers=["INT/18/K08"], sdgs=[make.SDG()])
        before = Project.objects.get(pk=project.pk).updated_at
        change(project)
        assert Project.objects.get(pk=project.pk).updated_at > before


class TestConfirmedClassification:
    @pytest.fixture
    def project(self):
        project = make.Project(sectors=[make.Sector()], sdgs=[make.SDG(), make.SDG()])
        confirm_classification(project, make.User())
        return project

    @pytest.mark.parametrize(
        "change",
        [
            lambda project: make.ProjectSector(project=project),
            lambda project: project.project_sectors.update(sector=make.Sector()),
            lambda project: project.project_sectors.all().delete(),
            lambda project: project.project_sdgs.filter(place=0).delete(),
            lambda project: project.project_sdgs.filter(place=1).update(place=2),
            lambda project: project.project_sdgs.filter(place=1).update(target="7.1"),
            lambda project: ProjectSDG.objects.filter(project=project).update(
                project=make.Project()
            ),
        ],
    )
    def test_a_change_of_sectors_or_goals_takes_it_back(self, project, change):
        change(project)
        project.refresh_from_db()
        assert project.classification_confirmed_on is None
        assert project.classification_confirmed_by is None

    def test_other_words_for_the_reason_leave_it(self, project):
        project.project_sdgs.update(reason="Because.")
        make.ProjectCountry(project=project)
        project.refresh_from_db()
        assert project.classification_confirmed_on is not None


class TestGaps:
    def test_only_title_and_source_block_while_they_are_not_there(self):
        project = make.Project(title="", programme="")
        blocking = [gap.field for gap in project.gaps() if gap.blocks]
        assert blocking == ["title", "sources"]

        project = make.Project(title_zh_hans="项目", numbers=["INT/18/K08"])
        make.Source(record=project)
        open_fields = {gap.field for gap in project.gaps()}
        assert not {"title", "title_zh_hans", "programme", "sources", "fund_numbers"} & open_fields


def test_cleaning_does_not_copy_chinese_into_english():
    institution = make.Institution(name="", name_zh_hans="对外科技交流中心")
    institution.full_clean()
    assert institution.name == ""
    assert str(institution) == "对外科技交流中心"
