"""The statements of a claim: which sources have work, which rows of each come next, which of them must wait.

All of them are index searches, whatever the backlog: a test holds them to it.
"""

from __future__ import annotations

from gateway.store.statements import both

_COLUMNS = "id, subject, handler, source, lane, turn, size, attempts, error"
_Y = ", ".join(f"y.{name}" for name in _COLUMNS.split(", "))

#: The sources of each step that has ready work, one probe for each.
SOURCES = both(
    """
WITH RECURSIVE s(step, source) AS (
  SELECT t.step, (SELECT w.source FROM work w WHERE w.step = t.step AND w.state = 0 ORDER BY w.source LIMIT 1)
  FROM {steps}
  UNION ALL
  SELECT s.step, (SELECT w.source FROM work w
                  WHERE w.step = s.step AND w.state = 0 AND w.source > s.source ORDER BY w.source LIMIT 1)
  FROM s WHERE s.source IS NOT NULL
)
SELECT step, source FROM s WHERE source IS NOT NULL""",
    steps=("(SELECT value AS step FROM json_each(:steps)) t", "unnest(CAST(:steps AS smallint[])) AS t(step)"),
)

#: Nothing is handled while an earlier transmission of its source is still to be translated.
_WATERMARK = """
        AND w.turn < coalesce((SELECT min(t.turn) FROM work t
                               WHERE t.step = 1 AND t.state <> 4 AND t.source = s.source), 9223372036854775807)"""

_LOOK_SQLITE = """
SELECT {columns} FROM (
  SELECT {y}, row_number() OVER (PARTITION BY y.source ORDER BY y.turn) AS nth
  FROM (SELECT value AS source FROM json_each(:sources)) s JOIN work y ON y.id IN (
    SELECT w.id FROM work w
    WHERE w.step = :step AND w.state = 0 AND w.source = s.source{watermark}
    ORDER BY w.turn LIMIT :each))
ORDER BY nth, turn LIMIT :limit"""

_LOOK_POSTGRESQL = """
SELECT {y} FROM work y JOIN (
  SELECT x.id FROM unnest(CAST(:sources AS text[])) AS s(source) CROSS JOIN LATERAL (
    SELECT w.id, w.turn, row_number() OVER (ORDER BY w.turn) AS nth FROM work w
    WHERE w.step = :step AND w.state = 0 AND w.source = s.source{watermark}
    ORDER BY w.turn LIMIT :each) x
  ORDER BY x.nth, x.turn LIMIT :limit) pick ON pick.id = y.id
WHERE y.state = 0 FOR UPDATE OF y SKIP LOCKED"""


def _look(watermark: str) -> tuple[str, str]:
    sqlite = _LOOK_SQLITE.format(columns=_COLUMNS, y=_Y, watermark=watermark)
    return sqlite, _LOOK_POSTGRESQL.format(y=_Y, watermark=watermark)


#: The next rows of each source, first those that are first at their source.
LOOK = both("{look}", look=_look(""))
LOOK_BELOW_WATERMARK = both("{look}", look=_look(_WATERMARK))

#: Those that are not at the head of their lane. A statement of its own: so PostgreSQL takes a new snapshot, after the
#: locks.
BEHIND = both(
    "SELECT w.id FROM work w WHERE w.id {ids} AND w.turn > (SELECT min(q.turn) FROM work q WHERE q.lane = w.lane)"
)

LEASE = both(
    "UPDATE work SET state = 1, owner = :owner, until = {now} + :lease, attempts = attempts + 1 WHERE id {ids}"
)
PARK = both("UPDATE work SET state = 2 WHERE id {ids}")

#: The heads of these lanes. On PostgreSQL also of state 0: a claim that is just parking one holds its lock; this waits,
#: and then sees the 2.
WAKE = both(
    "UPDATE work SET state = 0 WHERE state {states} AND id IN ("
    "SELECT (SELECT w.id FROM work w WHERE w.lane = l.lane ORDER BY w.turn LIMIT 1) FROM {lanes})",
    states=("= 2", "IN (0, 2)"),
    lanes=(
        "(SELECT value AS lane FROM json_each(:lanes)) l",
        "unnest(CAST(:lanes AS text[])) AS l(lane)",
    ),
)

RENEW = both("UPDATE work SET until = {now} + :lease WHERE id {ids} AND owner = :owner")

GIVE_BACK = both(
    "UPDATE work SET state = 0, owner = NULL, until = NULL, attempts = attempts - 1 WHERE id {ids} AND owner = :owner"
)

# The sweep. Rows that somebody has locked are left for the next one.

EXPIRE = both(
    "UPDATE work SET state = 0, owner = NULL, until = NULL WHERE id IN ("
    "SELECT id FROM work WHERE state = 1 AND until < {now} {free}) RETURNING step"
)
RETURN_WAITING = both(
    "UPDATE work SET state = 0 WHERE id IN ("
    "SELECT id FROM work WHERE state = 3 AND due <= {now} ORDER BY due LIMIT 10000 {free}) RETURNING step"
)

#: One probe per lane that has parked rows, and its head where that is one of them.
PARKED_HEADS = both(
    """
WITH RECURSIVE l(lane) AS (
  SELECT * FROM (SELECT w.lane FROM work w WHERE w.state = 2 ORDER BY w.lane LIMIT 1) seed
  UNION ALL
  SELECT (SELECT w.lane FROM work w WHERE w.state = 2 AND w.lane > l.lane ORDER BY w.lane LIMIT 1)
  FROM l WHERE l.lane IS NOT NULL
)
UPDATE work SET state = 0 WHERE id IN (
  SELECT w.id FROM work w WHERE w.state = 2 AND w.id IN (
    SELECT (SELECT h.id FROM work h WHERE h.lane = l.lane ORDER BY h.turn LIMIT 1) FROM l WHERE l.lane IS NOT NULL)
  {free}) RETURNING step"""
)
