"""Tables of claims: what is read, and which line is at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.claimtable import given_claims
from kg.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        "subject,relation,object,source\nheat,raises,thirst,example\n",
        "subject;relation;object;source\nheat;raises;thirst;example\n",
        "subject\trelation\tobject\tsource\nheat\traises\tthirst\texample\n",
        '\ufeffSource, Object ,RELATION,subject\r\n example ,"thirst",raises,heat\r\n\r\n',
    ],
)
def test_columns_stand_in_any_order_with_any_delimiter(tmp_path: Path, text: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (claim,) = given_claims(path)
    assert (claim.subject, claim.relation, claim.object, claim.source) == ("heat", "raises", "thirst", "example")
    assert claim.place == f"{path}, line 2"


def test_a_row_is_named_by_the_line_where_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text('subject,relation,object,comment\na,b,c,"two\nlines"\n\nd,e,f,\n', encoding="utf-8")
    assert [claim.place.rpartition(" ")[2] for claim in given_claims(path)] == ["2", "5"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subject,relation\na,b\n", "line 1: no column object; expected subject, relation, object"),
        ("subject,relation,object,sauce\n", "line 1: unknown column 'sauce'; take subject,"),
        ("subject,relation,object,object\n", "line 1: the column object is there twice"),
        ("subject,relation,object\na,b\n", "line 2: 2 cells, and the header has 3"),
        ("subject,relation,object\na,b,c\na,,c\n", "line 3: no relation"),
        ('subject,relation,object\na,b,"c\n', "line 2: unexpected end of data; put the cell in double quotes"),
        ("subject,relation,object\n", "holds no claims"),
        ("", "holds no claims"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        given_claims(path)
