"""An institution in the words of schema.org, for search engines."""


def describe(institution, address: str) -> dict:
    """Return what is stated of an institution; its own page is the address."""
    name = institution.name_i18n
    other_names = {institution.name, institution.name_zh_hans}
    other_names.update(other.name for other in institution.rows("names"))
    return {
        "@type": "Organization",
        "name": name,
        "alternateName": sorted(other_names - {name, "", None}),
        "description": institution.description_i18n,
        "url": institution.website or address,
        "mainEntityOfPage": address,
        "email": institution.role_mailbox,
        "telephone": institution.phone,
        "foundingDate": institution.founded,
        "address": place(institution),
        "knowsAbout": [str(sector) for sector in institution.rows("sectors")],
    }


def place(institution) -> dict:
    stated = {
        "addressLocality": institution.city_i18n,
        "addressRegion": institution.get_province_display(),
        "addressCountry": institution.country_id,
    }
    stated = {key: str(value) for key, value in stated.items() if value}
    return {"@type": "PostalAddress"} | stated if stated else {}
