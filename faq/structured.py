"""Articles as search engines read them: JSON-LD of schema.org's FAQPage, safe inside a page."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.utils.safestring import SafeString

from faq.addresses import article_address
from faq.models import Article
from faq.rules.document import document_of
from faq.rules.markdown import as_html
from helpdesk.tenancy.models import Organization

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def faq_page(organization: Organization, articles: Iterable[Article]) -> SafeString:
    """The articles as one FAQPage; empty without any. Nothing in it can end the element it stands in."""
    entities = []
    for one in articles:
        if one.version is None:
            continue
        said = document_of(one.version.document)
        entities.append(
            {
                "@type": "Question",
                "name": said.title,
                "url": article_address(organization, one),
                "acceptedAnswer": {"@type": "Answer", "text": as_html(said.body)},
            }
        )
    if not entities:
        return SafeString("")
    page = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": entities}
    written = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        written = written.replace(character, escape)
    return SafeString(written)
