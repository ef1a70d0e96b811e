"""Tokens of SPARQL, above all where the same characters can be two things."""

from __future__ import annotations

import pytest

from kg.lexer import query_form, tokens, without_escapes


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?a<?b", ["?a", "<?b"]),
        ("FILTER(?a<?b&&?c>?d)", ["FILTER", "(", "?a", "<", "?b", "&&", "?c", ">", "?d", ")"]),
        ("FILTER(?a<<b>)", ["FILTER", "(", "?a", "<", "<b>", ")"]),
        ("FILTER(?a<='>')", ["FILTER", "(", "?a", "<=", "'>'", ")"]),
        ("FILTER(?a IN(<b>,<c>))", ["FILTER", "(", "?a", "IN", "(", "<b>", ",", "<c>", ")", ")"]),
        ("FILTER <f>(?a<'>')", ["FILTER", "<f>", "(", "?a", "<", "'>'", ")"]),
        ("{?s <p> (?a <'>)}", ["{", "?s", "<p>", "(", "?a", "<'>", ")", "}"]),
        ("{?s (<p>|<q>) ?o}", ["{", "?s", "(", "<p>", "|", "<q>", ")", "?o", "}"]),
        ("{VALUES (?x) {(<'>)}}", ["{", "VALUES", "(", "?x", ")", "{", "(", "<'>", ")", "}", "}"]),
        ("SELECT (?a<'>' AS ?b) {}", ["SELECT", "(", "?a", "<", "'>'", "AS", "?b", ")", "{", "}"]),
        ("FILTER(EXISTS{?a <p> ?b}<1)", ["FILTER", "(", "EXISTS", "{", "?a", "<p>", "?b", "}", "<", "1", ")"]),
        ("{?s ?p <<(?a <b> ?c)>>}", ["{", "?s", "?p", "<<", "(", "?a", "<b>", "?c", ")", ">>", "}"]),
        ('"""a"b\\""""x', ['"""a"b\\""""', "x"]),
        ("''''a'''x", ["''''a'''", "x"]),
        ("'a\\'b'@en-GB.", ["'a\\'b'", "@en-GB", "."]),
        ("ex:a.b. ex:c\\-d%20e :f _:g.h.", ["ex:a.b", ".", "ex:c\\-d%20e", ":f", "_:g.h", "."]),
        ("1.SERVICE", ["1.", "SERVICE"]),
        ("a#b\rc", ["a", "c"]),
        ("?\u00e9\u00b2", ["?\u00e9", "\u00b2"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_as_the_engine_cuts_it(text: str, expected: list[str]) -> None:
    assert [token for _, token in kinds(text)] == expected


def test_what_is_never_closed_runs_to_the_end() -> None:
    assert kinds("?a 'b") == [("variable", "?a"), ("open", "'b")]
    assert kinds('?a """b"') == [("variable", "?a"), ("open", '"""b"')]


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("\\u0053ERVICE", "SERVICE"),
        ("\\U00000053", "S"),
        ("\\uD800", "\\uD800"),
        ("\\U00110000", "\\U00110000"),
        ("\\u00", "\\u00"),
    ],
)
def test_escapes_are_put_in_full_where_they_are_characters(text: str, full: str) -> None:
    assert without_escapes(text) == full


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select * {}", "SELECT"),
        ("BASE <a:b> PREFIX ask: <a:b> CONSTRUCT {} {}", "CONSTRUCT"),
        ("# SELECT\nASK{}", "ASK"),
        ("SELECTDISTINCT*{}", "SELECT"),
        ("DESCRIBE<a:b>", "DESCRIBE"),
        ("INSERT DATA {}", "INSERT"),
        ("?x", ""),
        ("", ""),
    ],
)
def test_the_form_of_a_query_is_its_first_word_after_the_prologue(text: str, form: str) -> None:
    assert query_form(text) == form
