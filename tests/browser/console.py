def complaints(page):
    """Collect what the browser complains about, such as a breach of the security policy."""
    found = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found
