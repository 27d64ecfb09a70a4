"""Making the schema: all of it or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, event, inspect

from winloss.store.engine import open_engine, sqlite_url


@pytest.mark.parametrize("table", ["turns", "verbatims", "copies"])
def test_a_schema_that_breaks_off_half_way_leaves_nothing_behind(tmp_path, table):
    def break_off(_connection, _cursor, statement, *_rest):
        if f"CREATE TABLE {table} " in statement:
            raise KeyboardInterrupt

    url = sqlite_url(tmp_path / "store.sqlite")
    event.listen(Engine, "before_cursor_execute", break_off)
    try:
        with pytest.raises(KeyboardInterrupt):
            open_engine(url)
    finally:
        event.remove(Engine, "before_cursor_execute", break_off)
    engine = open_engine(url)
    assert inspect(engine).has_table(table)
    engine.dispose()
