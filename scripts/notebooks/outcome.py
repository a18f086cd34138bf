"""What a paragraph comes to."""

import re
import sys
import textwrap
from html import unescape

FRAME = re.compile(r'<iframe [^>]*srcdoc="([^"]*)"></iframe>')


class Failure(Exception):
    """A paragraph that failed; its message is the error."""

    def report(self, place, text):
        """Says where, what was run, and the error."""
        print(f"{place}:\n{textwrap.indent(text, '    ')}\nfailed:\n{textwrap.indent(str(self), '    ')}", file=sys.stderr)


def wrong_frames(shown):
    """What is wrong with the pages that are shown in frames; None where nothing is."""
    if shown.count("<iframe") != len(FRAME.findall(shown)):
        return "a frame does not end where its attribute does: the page is not escaped"
    for page in map(unescape, FRAME.findall(shown)):
        whole = page.lower().startswith("<!doctype html>") and page.rstrip().endswith("</html>")
        if not whole or "Content-Security-Policy" not in page:
            return f"a frame holds no whole page: {page[:80]!r} … {page[-80:]!r}"
    return None
