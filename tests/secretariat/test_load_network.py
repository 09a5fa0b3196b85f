import re
import shutil

import pytest
from django.core.management import CommandError, call_command

from meetings.models import Meeting
from members.models import Institution, InstitutionName, Service
from projects.fields import FIELDS
from projects.models import Project, ProjectCountry, ProjectSDG
from secretariat.models import DatedFigure, Page, Publication
from secretariat.setup.loading import FOLDER, load_network
from sscnet.codelists.choices import Province
from sscnet.codelists.models import SDG, Country, DACSector, PGTFArea, Sector, Topic
from sscnet.core.models import Source, State
from sscnet.core.records.basis import How

pytestmark = pytest.mark.django_db


def project(number):
    return Project.objects.get(fund_numbers__number=number)


@pytest.fixture
def folder(tmp_path):
    """A copy of the files, to write into."""
    return shutil.copytree(FOLDER, tmp_path / "data")


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


BAD_VALUES = [
    ("countries.csv", "AF,AFG", "Af,AFG", "iso2: “Af”. Write two capital letters."),
    ("countries.csv", "ALB,008", "ALB,0080", "m49: “0080”. Ensure this value has at most 3"),
    ("projects.csv", "BD; IN; ID", "BD; IN; XX", "participating_countries: “"),
    ("projects.csv", ",29000,56000,", ",29 000x,56000,", "granted_usd: “29 000x”. Write an amount"),
    ("projects.csv", "2019-08-06", "2019-13-06", "final_report_on: “2019-13-06”"),
    ("projects.csv", "2017-09-22,4", "22.9.2017,4", "approved_on: “22.9.2017”. Write the date as"),
    ("projects.csv", ",pgtf,finance,", ",pgtf,finances,", "area: “finances”"),
    ("projects.csv", ",7,13; 17,", ",70,13; 17,", "primary_sdg: “70”"),
    ("institutions.csv", "renewable-energy; agr", "renewables; agr", "sectors: “renewables; agr"),
    ("topics.csv", ",egov,", ",pc,", "sign: “pc”. “pc” is not in the list."),
    ("sectors.csv", ",bamboo,", ",bambus,", "topic: “bambus”. “bambus” is not a topic."),
    ("figures.csv", "\nmembers,", "\nmember,", "figure: “member”. “member” is not in the list."),
    ("projects.csv", "INT/18/K07,", "INT/18/7,", "line 4, fund_numbers: “INT/18/7”"),
    ("meetings.csv", "2015-11-05", "5.11.2015", "ends_on: “5.11.2015”. Write the date as"),
    ("figures.csv", "2024-04", "April 2024", "as_of: “April 2024”"),
    # A column that has no field.
    ("synonyms.csv", "words", "mots", "line 1"),
]


def test_all_bad_values_are_named_at_once_and_nothing_is_half_loaded(db, folder):
    """It stands first: it wants a database without the records that the others share."""
    for file, old, new, _said in BAD_VALUES:
        edit(folder / file, old, new)
    (folder / "sdgs.csv").write_bytes("number,名称\n".encode("gb18030"))
    (folder / "dac_purposes.csv").unlink()

    with pytest.raises(CommandError) as refused:
        call_command("load_network", data=folder)

    problems = str(refused.value).splitlines()
    for file, _old, _new, said in BAD_VALUES:
        assert [p for p in problems if p.startswith(file) and said in p], (said, problems)
    for said in ("sdgs.csv.*Save the file as UTF-8", "dac_purposes.csv"):
        assert [p for p in problems if re.match(said, p)], (said, problems)
    assert not Country.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.usefixtures("network")
class TestRealRecords:
    def test_every_record_is_there_with_a_source(self):
        numbers = {Country: 248, DACSector: 131, Sector: 13, Topic: 12, SDG: 17, PGTFArea: 8}
        numbers |= {Page: 5, Publication: 13, Project: 20, DatedFigure: 10, Meeting: 90}
        assert {model: model.objects.count() for model in numbers} == numbers
        assert not [model for model in numbers if model.objects.filter(sources=None).exists()]

    def test_institutions_are_members_partners_supporters_or_not_published(self):
        listed = Institution.objects.listed()
        assert listed.count() == 21
        assert listed.published().members().count() == 12
        assert listed.published().partners().count() == 8
        # They say what they are instead, and most that is public offers something.
        assert not listed.exclude(pk__in=listed.members()).filter(relation="").exists()
        offering = listed.published().exclude(services=None).distinct()
        assert offering.count() == 17
        kinds = Service.objects.exclude(as_of=None).values_list("title", "title_zh_hans")
        assert len([texts for texts in kinds if all(texts)]) == Service.objects.count() == 37
        assert Institution.objects.supporters().count() == 5
        assert not Institution.objects.filter(sources=None).exists()
        # Partners say that their membership is not confirmed.
        partners = Institution.objects.published().partners()
        assert set(partners.values_list("membership_unconfirmed", flat=True)) == {True}

    def test_all_projects_with_a_programme_or_a_galaxy_solution_are_public(self):
        draft = Project.objects.exclude(state=State.PUBLISHED).get()
        assert draft.title.startswith("Cooperation of Jiangxi with the Lake Victoria region")
        solutions = Project.objects.published().filter(programme="")
        sources = {one.sources.first().name for one in solutions}
        assert (len(solutions), sources) == (3, {"South-South Galaxy solution"})
        assert FIELDS.facts(project("INT/20/K03"))["title_en"].how == How.IN_OUR_WORDS
        victoria = Project.objects.get(programme="demonstration")
        assert (victoria.beneficiaries_number, victoria.beneficiaries_bound) == (150, "at_least")

    def test_projects_institutions_and_pages_are_described_in_both_languages(self):
        for described in Project.objects.all():
            assert described.summary
            assert described.summary_zh_hans
        for institution in Institution.objects.all():
            assert institution.description
            assert institution.description_zh_hans
        for page in Page.objects.all():
            assert page.body
            assert page.body_zh_hans
            assert page.state == State.PUBLISHED

    def test_the_two_names_of_one_institution_are_one_record(self):
        nrire = project("INT/18/K07").submitter
        names = set(nrire.names.values_list("name", flat=True))
        assert {"NRIRE", "HRC", "Hangzhou Regional Center for Small Hydro Power"} <= names
        assert not Institution.objects.filter(name__startswith="Hangzhou").exists()

    def test_no_source_is_a_copy_that_may_not_be_shown(self):
        shown = r"puapp|oxygenair|nakedoat|07774|av069|pohuduchang|greenichiban|newbmw|vcd68"
        shown += r"|textmmode|520xjwl|tianshibeibei|yanjintv|office369|baogaosu|2424lu"
        assert not Source.objects.filter(address__iregex=shown).exists()

    def test_places_have_their_official_names(self):
        names = dict(Country.objects.values_list("pk", "name"))
        # Not taken for an empty cell.
        assert names["NA"] == "Namibia"
        assert names["CI"] == "Côte d'Ivoire"
        assert names["FK"] == "Falkland Islands (Malvinas)"
        assert [Province.TIBET.label, Province.TAIWAN.label] == [
            "Xizang",
            "Taiwan Province of China",
        ]
        # What the list of the Group of 77 does not say stays unknown.
        unknown = Country.objects.filter(g77=None).values_list("pk", flat=True)
        assert sorted(unknown) == ["BA", "MX"]

    def test_codes_are_given_in_the_order_of_the_file(self):
        codes = Project.objects.order_by("pk").values_list("code", flat=True)
        numbers = [int(code.removeprefix("SSC-")) for code in codes]
        assert numbers == list(range(numbers[0], numbers[0] + 20))
        assert project("INT/20/K03") == Project.objects.order_by("pk").first()

    def test_the_biogas_forum_has_its_nine_countries_amounts_and_outcomes(self):
        forum = project("INT/18/K08")
        countries = {link.country_id: link.role for link in forum.project_countries.all()}
        assert len(countries) == 9
        assert [code for code, role in countries.items() if role == "lead"] == ["CN"]
        assert (forum.granted_usd, forum.other_inputs_usd, forum.total_usd) == (29000, 56000, 85000)
        assert forum.outcome.startswith("More than 200 participants")
        assert forum.outcome_zh_hans.startswith("亚太地区200多名代表")
        assert "Kuala Lumpur" in forum.summary

    def test_china_leads_every_project_also_where_no_other_country_is_named(self):
        leads = ProjectCountry.objects.filter(role="lead")
        assert set(leads.values_list("country_id", flat=True)) == {"CN"}
        assert leads.count() == 20
        alone = [p for p in Project.objects.all() if p.project_countries.count() == 1]
        assert len(alone) == 6

    def test_a_planned_result_is_the_approach_and_nothing_is_confirmed(self):
        assert not Project.objects.exclude(classification_confirmed_on=None).exists()
        digester = project("INT/10/K04")
        assert (digester.outcome, digester.outcome_zh_hans) == ("", None)
        assert "were to be provided" in digester.approach
        assert digester.approach_zh_hans

    def test_goals_have_a_place_and_a_reason_in_both_languages(self):
        goals = project("INT/18/K08").project_sdgs.values_list("sdg", "place")
        assert list(goals) == [(7, 0), (13, 1), (17, 2)]
        assert not [g for g in ProjectSDG.objects.all() if not (g.reason and g.reason_zh_hans)]

    def test_other_spellings_of_a_lead_become_aliases(self):
        bioma = project("INT/18/K08").submitter
        names = {name.name: name.kind for name in bioma.names.all()}
        assert bioma.name == "Biogas Institute of Ministry of Agriculture and Rural Affairs"
        assert names["BIOMA"] == InstitutionName.Kind.ACRONYM
        assert names["Biogas Institute (BIOMA), Ministry of Agriculture"] == "alias"

    def test_websites_have_a_scheme(self):
        websites = Institution.objects.exclude(website="").values_list("website", flat=True)
        assert len(websites) >= 7
        assert all(website.startswith(("http://", "https://")) for website in websites)

    def test_the_six_meetings_are_public_and_two_have_no_days(self):
        own = Meeting.objects.own()
        assert own.published().count() == own.count() == 6
        dateless = own.filter(starts_on=None).order_by("ordinal")
        assert list(dateless.values_list("ordinal", "year")) == [(25, 2020), (28, None)]
        assert [m.dates_as_stated for m in dateless] == [
            "after the forum of 25 November 2020",
            "28 February",
        ]
        assert "2023 or 2024" in dateless.get(ordinal=28).note

    def test_hosts_that_are_described_here_are_linked_the_others_stay_in_words(self):
        hosts = {
            meeting.ordinal: [str(link.institution) for link in meeting.meeting_institutions.all()]
            for meeting in Meeting.objects.exclude(ordinal=None)
        }
        assert hosts == {
            20: ["Shanghai Academy of Social Sciences"],
            24: ["Fujian Cross-Straits Technology Transfer Center"],
            25: [],
            28: [
                (
                    "Centre for Mountain Futures, Kunming Institute of Botany,"
                    " Chinese Academy of Sciences"
                )
            ],
        }
        assert Meeting.objects.get(ordinal=20).organiser_as_stated == "CICETE"
        assert not Meeting.objects.own().exclude(host_as_stated="").exists()

    def test_activities_are_public_with_basis_and_parts_as_far_as_they_are_known(self):
        activities = Meeting.objects.exclude(pk__in=Meeting.objects.own())
        # Named by no publisher and of no day.
        drafts = activities.exclude(state=State.PUBLISHED).values_list("slug", flat=True)
        assert (activities.count(), *drafts) == (84, "mrl-lake-victoria-workshop")
        assert Source.objects.filter(name="", how="translated", fields__contains=["title_zh"])
        course = Meeting.objects.get(slug="cnbrc-2014-francophone")
        assert (course.start_as_known, course.starts_on, course.year) == ("2014", None, 2014)
        assert course.countries.count() == course.countries_number == 15
        assert course.countries_are_complete
        whole = Meeting.objects.get(slug="hrc-2003-tcdc")
        assert f"{whole.starts_on} {whole.ends_on}" == "2003-10-09 2003-11-18"
        # Others organised these.
        for slug, role in (("ffrc-2021-rad", "attended"), ("cabc-2023-envoys", "host")):
            [link] = Meeting.objects.get(slug=slug).meeting_institutions.all()
            assert link.role == role
        [link] = Meeting.objects.get(slug="bioma-2018-kuala-lumpur").meeting_projects.all()
        assert link.project == project("INT/18/K08")

    def test_meetings_have_their_texts_in_both_languages(self):
        for meeting in Meeting.objects.all():
            for field in ("title", "theme", "description", "city", "venue", "dates_as_stated"):
                chinese = getattr(meeting, f"{field}_zh_hans") or ""
                assert bool(getattr(meeting, field)) == bool(chinese), (meeting, field)
        shanghai = Meeting.objects.get(ordinal=20)
        assert shanghai.venue == "Shanghai International Convention Center"
        assert shanghai.venue_zh_hans == "上海国际会议中心"
        assert shanghai.description.startswith("Exhibition of 20 years of the Network\n\nTalks")


@pytest.mark.usefixtures("network")
def test_loaded_again_what_staff_changed_and_deleted_stays_so(folder):
    kept = ("pk", "updated_at", "outcome", "granted_usd")
    forum = project("INT/18/K08")
    Project.objects.filter(pk=forum.pk).update(outcome="As staff say.")
    forum.project_countries.get(country="VN").delete()
    SDG.objects.get(number=5).delete()
    Publication.objects.all().delete()
    edit(folder / "projects.csv", ",29000,56000,", ",29500,56000,")
    before = list(Project.objects.values_list(*kept))

    outcome = load_network(folder)

    # A kind without any record is filled again.
    assert outcome.new == {"publications": 13}
    assert "projects" in outcome.left
    assert list(Project.objects.values_list(*kept)) == before
    assert not forum.project_countries.filter(country="VN").exists()
    assert SDG.objects.count() == 16
