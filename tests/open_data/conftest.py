import pytest


@pytest.fixture
def publisher(settings):
    """Somebody who reports to IATI."""
    settings.IATI_REGISTRATION_AGENCY = "XI-ROR"
    settings.IATI_REPORTING_ORG_REF = "XI-ROR-example"
    settings.IATI_REPORTING_ORG_NAME = "Example organisation"
    settings.IATI_REPORTING_ORG_NAME_ZH = "示例组织"
    settings.IATI_REPORTING_ORG_TYPE = "10"
    settings.IATI_IDENTIFIER_PREFIX = ""
    settings.IATI_SECONDARY_REPORTER = True
    return settings
