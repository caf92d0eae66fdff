"""What may never be, asked of the tables alone: the application's code is not consulted.

Who came first is told by the moment at which PostgreSQL committed a row's present version, so the
server keeps commit timestamps. A row whose lock was held until commit cannot be overtaken.
"""

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

SEEN = """
WITH cast_at AS (
  SELECT e.ballot_id, min(pg_xact_commit_timestamp(c.xmin)) AS at
  FROM reviews_castvote c JOIN reviews_elector e ON e.id = c.elector_id GROUP BY 1
), counted AS (
  SELECT b.id, coalesce(k.at, pg_xact_commit_timestamp(b.xmin)) AS at
  FROM reviews_ballot b LEFT JOIN cast_at k ON k.ballot_id = b.id
  WHERE b.kind = 'ballot' AND (b.closed_at IS NOT NULL OR b.arithmetic IS NOT NULL)
), vote AS (
  SELECT v.*, e.ballot_id, e.person_id, e.recused_at, e.left_at,
         pg_xact_commit_timestamp(v.xmin) AS at, pg_xact_commit_timestamp(e.xmin) AS seat_at
  FROM reviews_vote v JOIN reviews_elector e ON e.id = v.elector_id
), term AS (
  SELECT r.*, pg_xact_commit_timestamp(r.xmin) AS at FROM people_role r WHERE r.kind = 'council'
), sums AS (
  SELECT d.id, d.credentialed, b.id AS ballot_id, b.kind, b.quorum, b.threshold,
    count(e.id) FILTER (WHERE e.recused_at IS NULL AND e.left_at IS NULL) AS voting,
    count(c.id) AS ballots_cast,
    count(c.id) FILTER (WHERE c.choice = 'for') AS pro,
    count(c.id) FILTER (WHERE c.choice = 'against') AS contra
  FROM reviews_decision d JOIN reviews_ballot b ON b.id = d.ballot_id
  JOIN reviews_elector e ON e.ballot_id = b.id LEFT JOIN reviews_castvote c ON c.elector_id = e.id
  WHERE b.kind = 'ballot' GROUP BY d.id, b.id
), met AS (
  SELECT d.id, d.credentialed, b.quorum, b.threshold, m.votes_for AS pro, m.votes_against AS contra,
    m.votes_for + m.votes_against + m.abstained AS ballots_cast,
    (SELECT count(*) FROM reviews_elector e WHERE e.ballot_id = b.id AND e.recused_at IS NULL)
      AS voting
  FROM reviews_decision d JOIN reviews_ballot b ON b.id = d.ballot_id AND b.kind = 'meeting'
  LEFT JOIN reviews_meetingvote m
    ON m.recommendation_id = b.recommendation_id AND m.confirmed_at IS NOT NULL
), decided AS (
  SELECT id, credentialed, quorum, threshold, pro, contra, ballots_cast, voting FROM sums
  UNION ALL
  SELECT id, credentialed, quorum, threshold, pro, contra, ballots_cast, voting FROM met
), letter AS (
  SELECT l.*, (regexp_match(l.occasion, '^[a-z -]+ ([0-9]+)'))[1]::bigint AS key
  FROM records_letter l
)
"""

NEVER: dict[str, str] = {
    "double votes": """
        SELECT ballot_id FROM vote GROUP BY ballot_id, person_id HAVING count(*) > 1
        UNION ALL
        SELECT e.ballot_id FROM reviews_castvote c JOIN reviews_elector e ON e.id = c.elector_id
        GROUP BY e.ballot_id, e.person_id HAVING count(*) > 1""",
    "votes after closing": """
        SELECT v.id FROM vote v JOIN counted k ON k.id = v.ballot_id WHERE v.at > k.at
        UNION ALL
        SELECT v.id FROM vote v JOIN reviews_ballot b ON b.id = v.ballot_id
        WHERE v.cast_at >= b.closes_at""",
    "votes on a ballot that was withdrawn": """
        SELECT v.id FROM vote v JOIN reviews_ballot b ON b.id = v.ballot_id
        WHERE b.outcome = 'withdrawn'""",
    "votes after the office ended": """
        SELECT v.id FROM vote v JOIN term r ON r.person_id = v.person_id
        WHERE r.end < (v.cast_at AT TIME ZONE %(zone)s)::date AND v.at > r.at AND NOT EXISTS (
          SELECT FROM term o WHERE o.person_id = v.person_id AND o.id <> r.id
          AND (o.end IS NULL OR o.end >= (v.cast_at AT TIME ZONE %(zone)s)::date))""",
    "counted votes of an office that had ended": """
        SELECT c.id FROM reviews_castvote c JOIN reviews_elector e ON e.id = c.elector_id
        JOIN reviews_ballot b ON b.id = e.ballot_id JOIN term r ON r.person_id = e.person_id
        WHERE r.end < (b.closes_at AT TIME ZONE %(zone)s)::date
        AND r.at < pg_xact_commit_timestamp(c.xmin)""",
    "votes of the recused": """
        SELECT v.id FROM vote v WHERE v.recused_at IS NOT NULL AND v.at > v.seat_at
        UNION ALL
        SELECT c.id FROM reviews_castvote c JOIN reviews_elector e ON e.id = c.elector_id
        WHERE e.recused_at IS NOT NULL OR e.left_at IS NOT NULL""",
    "votes counted otherwise than they stood": """
        SELECT v.id FROM vote v JOIN counted k ON k.id = v.ballot_id
        JOIN reviews_ballot b ON b.id = v.ballot_id
        LEFT JOIN reviews_castvote c ON c.elector_id = v.elector_id
        WHERE b.outcome <> 'withdrawn' AND v.recused_at IS NULL AND v.left_at IS NULL
        AND (c.id IS NULL OR (c.choice, c.receipt) IS DISTINCT FROM (v.choice, v.receipt))
        UNION ALL
        SELECT c.id FROM reviews_castvote c LEFT JOIN reviews_vote v ON v.elector_id = c.elector_id
        WHERE v.id IS NULL""",
    "ballots decided twice": """
        SELECT ballot_id FROM reviews_decision GROUP BY ballot_id HAVING count(*) > 1
        UNION ALL
        SELECT r.application_id FROM reviews_decision d JOIN reviews_ballot b ON b.id = d.ballot_id
        JOIN reviews_recommendation r ON r.id = b.recommendation_id
        GROUP BY r.application_id HAVING count(*) > 1
        UNION ALL
        SELECT application_id FROM applicants_stagemove WHERE move = 'decide'
        GROUP BY application_id HAVING count(*) > 1
        UNION ALL
        SELECT min(id) FROM people_credential WHERE "case" <> '' GROUP BY "case" HAVING count(*) > 1
        UNION ALL
        SELECT min(id) FROM records_auditentry WHERE act IN ('ballot.closed', 'ballot.withdrawn')
        GROUP BY record HAVING count(*) > 1""",
    "decisions without quorum": """
        SELECT id FROM decided WHERE ballots_cast IS NULL OR NOT ballots_cast > quorum * voting
        OR ballots_cast > voting""",
    "decisions against the count": """
        SELECT id FROM decided WHERE credentialed <> (pro > threshold * (pro + contra))
        UNION ALL
        SELECT d.id FROM reviews_decision d
        WHERE d.credentialed <> (d.credential_id IS NOT NULL)""",
    "decisions over a lapsed membership": """
        SELECT d.id FROM reviews_decision d JOIN reviews_ballot b ON b.id = d.ballot_id
        JOIN reviews_recommendation r ON r.id = b.recommendation_id
        JOIN applicants_application a ON a.id = r.application_id
        JOIN applicants_membership m ON m.person_id = a.applicant_id
        WHERE m.end < d.decided_on
        AND pg_xact_commit_timestamp(m.xmin) < pg_xact_commit_timestamp(d.xmin)""",
    "letters without their act": """
        SELECT l.id FROM letter l WHERE NOT CASE l.kind
          WHEN 'ballot-opened' THEN EXISTS (SELECT FROM reviews_elector e
            WHERE e.ballot_id = l.key AND e.person_id = l.to_id)
          WHEN 'ballot-closes-soon' THEN EXISTS (SELECT FROM reviews_elector e
            WHERE e.ballot_id = l.key AND e.person_id = l.to_id)
          WHEN 'ballot-closed' THEN EXISTS (SELECT FROM reviews_elector e
            JOIN reviews_ballot b ON b.id = e.ballot_id
            WHERE b.id = l.key AND e.person_id = l.to_id AND b.closed_at IS NOT NULL
            AND b.outcome <> 'withdrawn' AND e.recused_at IS NULL AND e.left_at IS NULL)
          WHEN 'ballot-closed-chair' THEN EXISTS (SELECT FROM reviews_ballot b
            WHERE b.id = l.key AND b.closed_at IS NOT NULL AND b.outcome <> 'withdrawn')
          WHEN 'ballot-closed-office' THEN EXISTS (SELECT FROM reviews_ballot b
            WHERE b.id = l.key AND b.closed_at IS NOT NULL AND b.outcome <> 'withdrawn')
          WHEN 'ballot-withdrawn' THEN EXISTS (SELECT FROM reviews_ballot b
            WHERE b.id = l.key AND b.outcome = 'withdrawn')
          WHEN 'decision' THEN EXISTS (SELECT FROM reviews_decision d WHERE d.ballot_id = l.key)
          WHEN 'decision-held' THEN EXISTS (SELECT FROM records_auditentry a
            WHERE a.act = 'decision.held' AND a.record = 'ballot ' || l.key)
          WHEN 'meeting-vote-entered' THEN EXISTS (SELECT FROM reviews_meetingvote m
            WHERE m.id = l.key)
          WHEN 'role-changed' THEN EXISTS (SELECT FROM people_role r WHERE r.id = l.key)
          ELSE true END""",
    "acts without their letter": """
        SELECT d.id FROM reviews_decision d WHERE NOT EXISTS (SELECT FROM letter l
          WHERE l.kind = 'decision' AND l.key = d.ballot_id)
        UNION ALL
        SELECT e.id FROM reviews_elector e JOIN reviews_ballot b ON b.id = e.ballot_id
        WHERE b.kind = 'ballot' AND (e.recused_at IS NULL OR e.recused_at > b.opened_at)
        AND NOT EXISTS (SELECT FROM letter l
          WHERE l.kind = 'ballot-opened' AND l.key = b.id AND l.to_id = e.person_id)""",
    "acts without their record": """
        SELECT v.id FROM vote v WHERE NOT EXISTS (SELECT FROM records_auditentry a
          WHERE a.act = 'vote.cast' AND a.actor_id = v.person_id
          AND a.record = 'ballot ' || v.ballot_id)
        UNION ALL
        SELECT d.id FROM reviews_decision d JOIN reviews_ballot b ON b.id = d.ballot_id
        JOIN reviews_recommendation r ON r.id = b.recommendation_id
        JOIN applicants_application a ON a.id = r.application_id
        WHERE NOT EXISTS (SELECT FROM records_auditentry t
          WHERE t.act = 'application.decide' AND t.case = a.reference)""",
}

HAPPENED = {
    "ballots opened": "SELECT count(*) FROM reviews_ballot WHERE kind = 'ballot'",
    "votes and changes": "SELECT count(*) FROM records_auditentry WHERE act = 'vote.cast'",
    "votes counted": "SELECT count(*) FROM reviews_castvote",
    "votes void": "SELECT count(*) FROM reviews_elector WHERE vote_is_void",
    "recused by own word": "SELECT count(*) FROM records_auditentry WHERE act = 'ballot.recused'",
    "offices ended": "SELECT count(*) FROM records_auditentry WHERE act = 'role.ended'",
    "decisions": "SELECT count(*) FROM reviews_decision",
    "decisions held": "SELECT count(*) FROM records_auditentry WHERE act = 'decision.held'",
    "without quorum": "SELECT count(*) FROM reviews_ballot WHERE outcome = 'no-quorum'",
    "withdrawn": "SELECT count(*) FROM reviews_ballot WHERE outcome = 'withdrawn'",
    "by a meeting": "SELECT count(*) FROM reviews_ballot WHERE kind = 'meeting'",
    "letters": "SELECT count(*) FROM records_letter",
}


def faults(connection: Connection[Any], zone: str) -> Iterator[tuple[str, int]]:
    """What may never be, with how often it is."""
    for name, query in NEVER.items():
        found = connection.execute(
            f"{SEEN} SELECT count(*) FROM ({query}) AS found",  # noqa: S608 - our own words
            {"zone": zone},
        ).fetchone()
        yield name, found[0] if found else 0


def happened(connection: Connection[Any]) -> Iterator[tuple[str, int]]:
    """How much happened at all: a calm storm proves nothing."""
    for name, query in HAPPENED.items():
        found = connection.execute(query).fetchone()
        yield name, found[0] if found else 0
