"""What a catalogue of translations lacks: strings that are missing, stale, open or unsure."""

import re

from sscnet.dev import CHECKOUT
from sscnet.dev.translations import catalogue_path, collected, read_catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def problems(language):
    catalogue = read_catalogue(catalogue_path(CHECKOUT, language))
    findings = [f"untranslated: {text}" for text in untranslated(catalogue)]
    findings += [f"a placeholder is lost in: {text}" for text in losing(catalogue)]
    return findings + differences(catalogue, collected(CHECKOUT))


def untranslated(catalogue):
    """Return the strings that have no translation, or only a guessed one."""
    return [describe(message) for message in catalogue if message.id and is_open(message)]


def is_open(message):
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return message.fuzzy or not all(strings)


def losing(catalogue):
    """Return the strings whose translation lacks a placeholder of the English plural.

    Chinese has one form: translated from the English singular alone, it would say "one" of five.
    """
    return [
        describe(message)
        for message in catalogue
        if message.id and not is_open(message) and lost(message)
    ]


def lost(message):
    if isinstance(message.id, str):
        return placeholders(message.id) - placeholders(message.string)
    return placeholders(message.id[1]) - placeholders(message.string[-1])


def placeholders(text):
    return set(PLACEHOLDER.findall(text))


def differences(catalogue, fresh):
    """Return what the code asks for and the catalogue lacks, and the reverse."""
    kept = {describe(message) for message in catalogue if message.id}
    wanted = {describe(message) for message in fresh if message.id}
    missing = [f"missing: {text}" for text in sorted(wanted - kept)]
    return missing + [f"no longer used: {text}" for text in sorted(kept - wanted)]


def describe(message):
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{text!r} ({message.context})" if message.context else repr(text)
