"""A person at a browser without JavaScript: opens pages and presses buttons by their words, keeps
cookies. Knows nothing of OAuth."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

MOST_HOPS = 20


class Person:
    def __init__(self, end):
        """`end`: where the way ends. Nobody serves that address."""
        self._end = end
        self._session = requests.Session()

    def walk(self, url, words):
        """Opens a page and presses these buttons, one after another; gives what arrived at the end."""
        page = self._go(url)
        for word in words:
            page = self._press(page, word)
        assert isinstance(page, dict), f"the way ended on a page: {page.text}"
        return page

    def _press(self, page, words):
        assert isinstance(page, Page), f'the way ended before "{words}": {page}'
        action, fields = page.button(words)
        return self._go(urljoin(page.url, action), fields)

    def _go(self, url, form=None):
        for _ in range(MOST_HOPS):
            if url.startswith(self._end):
                return dict(parse_qsl(urlsplit(url).query) if form is None else form)
            method = "GET" if form is None else "POST"
            answer = self._session.request(method, url, data=form, allow_redirects=False)
            if not answer.is_redirect:
                return Page(url, answer.text)
            url, form = urljoin(url, answer.headers["Location"]), None
        raise AssertionError("the way goes in circles")


class Page(HTMLParser):
    """The forms of a page, and its text."""

    def __init__(self, url, html):
        super().__init__()
        self.url, self.text, self._forms, self._button = url, "", [], None
        self.feed(html)

    def button(self, words):
        """Where the form of this button goes, and what it sends."""
        for action, inputs, buttons in self._forms:
            for label, own in buttons:
                if label.strip() == words:
                    return action, inputs + own
        raise AssertionError(f'no button says "{words}": {self.text}')

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        own = [(attrs["name"], attrs.get("value", ""))] if "name" in attrs else []
        if tag == "form":
            self._forms.append((attrs["action"], [], []))
        elif tag == "input" and self._forms:
            self._forms[-1][1].extend(own)
        elif tag == "button" and self._forms:
            self._button = ["", own]
            self._forms[-1][2].append(self._button)

    def handle_endtag(self, tag):
        if tag == "button":
            self._button = None

    def handle_data(self, data):
        self.text += data
        if self._button:
            self._button[0] += data
