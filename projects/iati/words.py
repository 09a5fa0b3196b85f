"""The portal's own words in an activity, in both languages, whoever asks.

They are part of the format, so a change of one belongs in docs/open-data.md.
"""

from ..models import ProjectCountry, ProjectInstitution

FUND = ("Perez-Guerrero Trust Fund for South-South Cooperation", "佩雷斯-格雷罗南南合作信托基金")

# The Fund's money reaches a project through UNDP (unsouthsouth.org/pgtf).
UNDP = ("United Nations Development Programme", "联合国开发计划署")
UNDP_REF = "XM-DAC-41114"

# IATI's own codes.
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"
MULTILATERAL = "40"
STATUSES = {"pipeline": "1", "ongoing": "2", "completed": "4", "cancelled": "5"}
DATES = {
    "planned_start_on": "1",
    "actual_start_on": "2",
    "planned_end_on": "3",
    "actual_end_on": "4",
}
STARTS = (DATES["planned_start_on"], DATES["actual_start_on"])
ACTUAL = (DATES["actual_start_on"], DATES["actual_end_on"])
# A grant for a project, which buys wherever it likes. South-South cooperation is no official
# development assistance (Nairobi outcome document, General Assembly resolution 64/222).
OF_THE_FUND = {
    "default-flow-type": "50",
    "default-finance-type": "110",
    "default-aid-type": "C01",
    "default-tied-status": "5",
}
OUTPUT, UNIT = "1", "1"
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

# By how many signs of a date are stated: only the year, or the month too.
PARTLY_STATED = {
    4: ("{stated}; month and day are not stated.", "{stated}年；月、日未注明。"),
    7: ("{stated}; the day is not stated.", "{stated}；日未注明。"),
}
TITLE_NOT_KNOWN = ("title not known", "名称不详")
OTHERS_NOT_STATED = ("other participants not stated", "其他参与方未说明")
COUNTRIES_NOT_STATED = ("countries not stated", "国家未说明")
# Where only the lead is known, no country is named as a recipient: it would stand for all of it.
LEAD_ALONE = ("lead country: {name} ({code})", "牵头国家：{name}（{code}）")
# After what a country, or a sector, is.
EVEN_PART = (
    "an even part, which is a way of writing: no source states one",
    "平均份额，仅为书写方式：没有来源说明份额",
)
OF_SECTOR = ("the usual purpose of its sector", "所属领域的通用目的代码")
PEOPLE = ("People trained or reached", "受训或受益人数")
# In each language what stands between the entries of a list, and an entry.
LIST = (("; ", "{}: {}"), ("；", "{}：{}"))
# Which facts no source states as they stand.
BASIS = ("How facts are known", "事实的依据")
SOURCES = ("Sources", "来源")
SOURCE = ("source", "来源")
PRIMARY = ("Primary goal", "首要目标")
OUR_PAGE, OUR_PAGE_IN_CHINESE = ("Page of the portal", ""), ("", "门户网站页面")
FINAL_REPORT = ("Final report", "最终报告")
ABOUT = ("About the Network", "")
# Texts that IATI has no type of their own for: the field, and the words before it.
TEXTS = {
    "subtitle": ("Subtitle", "副标题"),
    "challenge": ("Challenge", "挑战"),
    "approach": ("Approach", "做法"),
    "outcome": ("Outcome", "成果"),
    "duration_as_stated": ("Duration, according to the source", "所述期限"),
    "approved_on": ("Day of approval", "批准日期"),
    "final_report_on": ("Final report", "最终报告"),
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
