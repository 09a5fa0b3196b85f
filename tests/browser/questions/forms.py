"""Labels, what the browser may fill in, and errors of a page with a form.

As WCAG 2.2 asks: labels (3.3.2), the purpose of fields about oneself (1.3.5), errors told in words
and tied to their field (3.3.1), the page's title with them (2.4.2).
"""

from playwright.sync_api import expect

from tests.browser.walk import fields_for_slips

# What the person at the browser says of themselves; other fields are about somebody else.
OWN = {
    "/ask/": {
        "name": "name",
        "email": "email",
        "organisation": "organization",
        "country": "country",
    },
    "/ask/project/{project}/": {"name": "name", "email": "email"},
    "/accounts/login/": {"login": "username", "password": "current-password"},
    "/accounts/login/code/": {"email": "email"},
    "/accounts/password/reset/": {"email": "email"},
    "/accounts/password/set/": {"password1": "new-password", "password2": "new-password"},
    "/accounts/2fa/totp/activate/": {"code": "one-time-code"},
}

# A label is seen; only beside a button that says as much it may be for the ear alone.
LABELS = r"""() => [...document.querySelectorAll("main :is(input, select, textarea)")]
  .filter((field) => !["hidden", "submit"].includes(field.type) && !field.closest(".trap"))
  .filter((field) => field.checkVisibility())
  .flatMap((field) => {
    const heard = (label) => label.classList.contains("visually-hidden");
    const words = [...field.labels].filter((label) => label.innerText.trim());
    const legend = field.closest("fieldset")?.querySelector("legend, .label");
    const next = field.nextElementSibling;
    if (!words.length) return [`${field.name} has no label`];
    if (words.every(heard) && !next?.matches("button") && !legend)
      return [`the label of ${field.name} is not seen`];
    return [];
  })"""

# What is known of the errors of a page: each field that has one, and the summary.
ERRORS_OF_PAGE = r"""() => {
  const summary = document.querySelector(".error-summary");
  const words = (element) => element?.textContent.trim().replace(/\s+/g, " ");
  const told = (field) => {
    const group = field.closest("fieldset[aria-describedby]");
    const ids = `${field.getAttribute("aria-describedby") ?? ""} ${
      group?.getAttribute("aria-describedby") ?? ""}`;
    return ids.split(/\s+/).filter(Boolean)
      .map((id) => words(document.getElementById(id)) ?? `nothing has the id ${id}`);
  };
  return {
    title: document.title,
    heading: words(summary.querySelector("h2")),
    isOnTop: ![...document.querySelectorAll("main form")].some((form) =>
      form.compareDocumentPosition(summary) & Node.DOCUMENT_POSITION_FOLLOWING
      && !form.closest("nav")),
    links: [...summary.querySelectorAll("a")].map((link) => link.getAttribute("href")),
    lists: [...document.querySelectorAll("main .errorlist:not(.nonfield)")].map(words),
    invalid: [...document.querySelectorAll("main [aria-invalid=true]")]
      .map((field) => ({name: field.name, told: told(field)})),
  };
}"""


def faults_of_fields(page, stop):
    yield from page.evaluate(LABELS)
    for name, purpose in OWN.get(stop.path, {}).items():
        if page.locator(f"main [name={name}]").get_attribute("autocomplete") != purpose:
            yield f"{name} does not say {purpose}"


def faults_of_focus(page):
    """Ask whether a page with errors begins at their summary."""
    try:
        expect(page.locator(".error-summary").first).to_be_focused()
    except AssertionError:
        yield "the summary is not in focus"


def faults_of_errors(page, prefix):
    """Ask a page whose form was sent with slips, at last: its links are clicked."""
    errors = page.evaluate(ERRORS_OF_PAGE)
    if not errors["title"].startswith("错误：" if prefix else "Error:"):
        yield f"its title does not speak of errors: {errors['title']}"
    if not errors["heading"]:
        yield "the summary has no heading"
    if not errors["isOnTop"]:
        yield "the summary stands below a form"
    for field in errors["invalid"]:
        if not any(text in errors["lists"] for text in field["told"]):
            yield f"no error is tied to {field}"
    # What was typed is still there; a password never comes back.
    for field, text in fields_for_slips(page):
        if field.get_attribute("type") != "password" and field.input_value() != text:
            yield f"{text} is lost"
    # A link leads to a field; where several steps are checked at once, to its step.
    for link in [link for link in errors["links"] if link.startswith("#")]:
        page.locator(f".error-summary a[href='{link}']").first.click()
        if page.evaluate("document.activeElement.id") != link.removeprefix("#"):
            yield f"the summary does not lead to {link}"
