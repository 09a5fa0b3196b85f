"""The portal's own words in an activity, in both languages, whoever asks.

They are part of the format, so a change of one belongs in docs/open-data.md.
"""

from ..models import ProjectCountry, ProjectInstitution

FUND = ("Perez-Guerrero Trust Fund for South-South Cooperation", "佩雷斯-格雷罗南南合作信托基金")

# IATI's own codes.
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
MULTILATERAL = "40"
STATUSES = {"pipeline": "1", "ongoing": "2", "completed": "4", "cancelled": "5"}
DATES = {
    "planned_start_on": "1",
    "actual_start_on": "2",
    "planned_end_on": "3",
    "actual_end_on": "4",
}
PLANNED_START, ACTUAL_END = DATES["planned_start_on"], DATES["actual_end_on"]
STARTS = (PLANNED_START, DATES["actual_start_on"])
ACTUAL = (DATES["actual_start_on"], ACTUAL_END)
GENERAL, TARGET_GROUPS, OTHER = "1", "3", "4"
COMMITMENT = "2"
OUR_CODE, OTHER_NUMBER = "A1", "A9"
DAC_PURPOSE, DAC_CATEGORY, OUR_SECTORS = "1", "2", "99"
GOALS, TARGETS, OUR_TAGS = "2", "3", "99"
REGIONAL, MULTI_NATIONAL = "2", "3"
ACTIVITY_PAGE, RESULTS = "A12", "A08"
ORGANISATION_PAGE = "B16"
GENDER = "1"
# Developing countries, unspecified.
DEVELOPING_COUNTRIES = "998"

APPROVAL_DAY = ("Day of approval; when work starts is not stated.", "批准日期；开始日期未注明。")
DERIVED_APPROVAL_DAY = (
    "Day of approval, {how}; when work starts is not stated.",
    "批准日期（{how}）；开始日期未注明。",
)
REPORT_DAY = (
    "Day of the final report; when work ended is not stated.",
    "最终报告日期；结束日期未注明。",
)
TITLE_NOT_KNOWN = ("title not known", "名称不详")
OTHERS_NOT_STATED = ("other participants not stated", "其他参与方未说明")
# Where only the lead is known, no country is named as a recipient: it would stand for all of it.
LEAD_ALONE = ("lead country: {name} ({code})", "牵头国家：{name}（{code}）")
# After what a country, or a sector, is.
EVEN_PART = (
    "an even part, which is a way of writing: no source states one",
    "平均份额，仅为书写方式：没有来源说明份额",
)
OF_SECTOR = ("the usual purpose of its sector", "所属领域的通用目的代码")
# Which facts no source states as they stand, each by its name in files and the API.
BASIS = ("How facts are known", "事实的依据")
SOURCES = ("Sources", "来源")
SOURCE = ("source", "来源")
PRIMARY = ("Primary goal", "首要目标")
# Texts that IATI has no type of their own for: the field, and the words before it.
TEXTS = {
    "subtitle": ("Subtitle", "副标题"),
    "challenge": ("Challenge", "挑战"),
    "approach": ("Approach", "做法"),
    "outcome": ("Outcome", "成果"),
    "duration_as_stated": ("Duration, according to the source", "所述期限"),
}
COUNTRY_ROLES = {
    ProjectCountry.Role.LEAD: ("lead country", "牵头国家"),
    ProjectCountry.Role.PARTICIPATING: ("participating country", "参与国家"),
    ProjectCountry.Role.BENEFICIARY: ("beneficiary country", "受益国家"),
}
# The submitter answers for the project and carries it out. Supporters have no role in IATI.
ORGANISATION_ROLES = {
    ProjectInstitution.Role.SUBMITTER: (ACCOUNTABLE, IMPLEMENTING),
    ProjectInstitution.Role.CO_IMPLEMENTER: (IMPLEMENTING,),
    ProjectInstitution.Role.SUBCONTRACTOR: (IMPLEMENTING,),
}
# The kinds of our own tags: what follows the # of their vocabulary's address.
PROGRAMME, AREA, MODALITY = "programme", "area", "modality"
