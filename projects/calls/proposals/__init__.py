"""The institution's side: writing a proposal page by page, checking, sending and answering."""
