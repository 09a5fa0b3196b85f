"""Name a browser and its system from what it says of itself: roughly, and only by names we know."""

from django.utils.translation import gettext_lazy as _

# The first that is found counts: most browsers also name those they want to be taken for.
BROWSERS = {
    "MicroMessenger": _("WeChat"),
    "QQBrowser": "QQ Browser",
    "UCBrowser": "UC Browser",
    "SamsungBrowser": "Samsung Internet",
    "HuaweiBrowser": "Huawei Browser",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def first_named(names: dict, user_agent: str):
    return next((name for mark, name in names.items() if mark in user_agent), None)


def browser_of(user_agent: str):
    return first_named(BROWSERS, user_agent) or _("Unknown browser")


def system_of(user_agent: str):
    return first_named(SYSTEMS, user_agent) or _("unknown system")
