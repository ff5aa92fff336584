"""The neutral format of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from knowledge.markup import ALLOWED, errors, plain


@pytest.mark.parametrize(
    "html",
    [
        "",
        "chữ thường",
        "<b>đậm</b> và <i>nghiêng</i>, <u>gạch</u>, <s>bỏ</s>",
        "<b><i>lồng nhau</i></b>",
        "<code>1.000001</code><pre>x\ny</pre><blockquote>trích</blockquote>",
        '<a href="https://example.org/?a=1&amp;b=2">trang</a> <a href="tel:113">gọi</a> <a href="mailto:a@b.c">thư</a>',
        "1 &lt; 2 &gt; 0 &amp; &quot;x&quot; &#39; &#x27;",
    ],
)
def test_what_every_channel_can_show(html: str) -> None:
    assert errors(html) == []


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<script>alert(1)</script>", "<script> is not allowed"),
        ("<img src=x>", "<img> is not allowed"),
        ("một<br>hai", "<br> is not allowed"),
        ('<b onclick="x()">a</b>', "onclick"),
        ('<a href="https://a.b" target="_blank">a</a>', "target"),
        ('<a href="javascript:x()">a</a>', "needs an href"),
        ('<a href="//a.b">a</a>', "needs an href"),
        ("<a>a</a>", "needs an href"),
        ("<b>a", "<b> is not closed"),
        ("a</b>", "</b> closes nothing"),
        ("<b><i>a</b></i>", "closes nothing"),
        ("<b/>", "<b/> is not allowed"),
        ("<B>a</B>", "small letters"),
        ("1 < 2", "&lt;"),
        ("2 > 1", "&gt;"),
        ("a <b", "&lt;"),
        ("<!-- x -->", "&lt;"),
        ("<!DOCTYPE html>", "&lt;"),
        ("<?php x ?>", "&lt;"),
        ("<![CDATA[x]]>", "&lt;"),
        ("<![a;", "&lt;"),
        ("<b>a <![ b", "<b> is not closed"),
        ("AT&T", "&amp;"),
        ("a&nbsp;b", "&amp;"),
    ],
)
def test_what_some_channel_cannot_show(html: str, told: str) -> None:
    assert any(told in error for error in errors(html)), errors(html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>Mất</b> <i>thẻ</i>", "Mất thẻ"),
        ("1 &lt; 2 &amp; &#39;x&#39;", "1 < 2 & 'x'"),
        ("&lt;b&gt;", "<b>"),
        ('<a href="https://example.org/x">trang</a>', "trang (https://example.org/x)"),
        ('<a href="https://example.org/">example.org</a>', "example.org"),
        ('<a href="https://example.org/?a=1&amp;b=2">trang</a>', "trang (https://example.org/?a=1&b=2)"),
        ('<a href="tel:113">gọi công an</a>', "gọi công an"),
        ("dòng\nhai", "dòng\nhai"),
    ],
)
def test_plain(html: str, text: str) -> None:
    assert plain(html) == text


@given(st.text())
def test_escaped_text_is_sound_and_comes_back_as_it_was(text: str) -> None:
    html = str(escape(text))
    assert errors(html) == []
    assert plain(html) == text


@given(st.text(), st.sampled_from(sorted(ALLOWED.keys() - {"a"})))
def test_a_tag_around_text_changes_nothing_in_it(text: str, tag: str) -> None:
    html = f"<{tag}>{escape(text)}</{tag}>"
    assert errors(html) == []
    assert plain(html) == text


@given(st.text("<>/b&;a \"'!-?[]"))
def test_whatever_is_called_sound_has_no_tag_left_when_plain(html: str) -> None:
    if not errors(html):
        assert "<" not in plain(html.replace("&", "&amp;"))
