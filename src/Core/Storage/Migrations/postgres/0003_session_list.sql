-- The lists that a session stands in, the organisation's and each of its proctors', as they are filtered and sorted.
-- A shelf is what filters take or leave as a whole, so that a page is a few ordered look-ups merged, however many sessions there are:
-- 'Scheduled', 'UnderWay', 'Closed', 'Cancelled', or 'OldClosed' and 'OldCancelled' for what ended more than three months ago.
CREATE TABLE session_list (
  list_id text NOT NULL,
  session_id text NOT NULL REFERENCES sessions (id),
  shelf text COLLATE "C" NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  opens_at bigint NOT NULL,
  closes_at bigint NOT NULL,
  code_key text COLLATE "C" NOT NULL,
  mode text COLLATE "C" NOT NULL,
  join_id text COLLATE "C" NOT NULL,
  shown text NOT NULL,
  PRIMARY KEY (session_id, list_id)
) WITH (fillfactor = 85);
CREATE INDEX session_list_by_name ON session_list (list_id, shelf, name_key, session_id);
CREATE INDEX session_list_by_shelf ON session_list (list_id, shelf, session_id);
CREATE INDEX session_list_by_opening ON session_list (list_id, shelf, opens_at, session_id);
CREATE INDEX session_list_by_closing ON session_list (list_id, shelf, closes_at, session_id);
CREATE INDEX session_list_by_code ON session_list (list_id, shelf, code_key, session_id);
CREATE INDEX session_list_by_mode ON session_list (list_id, shelf, mode, session_id);
CREATE INDEX session_list_by_join_id ON session_list (list_id, shelf, join_id, session_id);
CREATE INDEX session_list_long ON session_list (list_id, shelf, opens_at, session_id) WHERE closes_at - opens_at > 43200000;
-- A list may hold nearly everything: plans are made for that, since small lists are quick by any plan.
ALTER TABLE session_list ALTER COLUMN list_id SET (n_distinct = 1);
DROP INDEX sessions_by_name;
DROP INDEX sessions_by_opening;
DROP INDEX sessions_by_closing;

-- What changes of a session while it runs, once whatever lists it stands in: whoever reads a page takes it from here. A bell and a join write here and not
-- into the lists, of which a row has ten indexes. "counted" grows with each change of the three numbers.
CREATE TABLE session_now (
  session_id text PRIMARY KEY REFERENCES sessions (id),
  organisation_id text NOT NULL,
  phase bigint NOT NULL,
  version bigint NOT NULL,
  waiting bigint NOT NULL DEFAULT 0,
  testing bigint NOT NULL DEFAULT 0,
  done bigint NOT NULL DEFAULT 0,
  counted bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE INDEX session_now_by_phase ON session_now (organisation_id, phase, session_id) WHERE phase BETWEEN 1 AND 4;

-- The numbers once more, to be ordered by: about a second behind session_now, whose "counted" says of which state they are.
-- "entries" orders by all three, the waiting first.
CREATE TABLE session_counts (
  list_id text NOT NULL,
  session_id text NOT NULL REFERENCES sessions (id),
  shelf text COLLATE "C" NOT NULL,
  opens_at bigint NOT NULL,
  closes_at bigint NOT NULL,
  waiting bigint NOT NULL,
  testing bigint NOT NULL,
  done bigint NOT NULL,
  counted bigint NOT NULL DEFAULT 0,
  entries bigint GENERATED ALWAYS AS (waiting * 1000000000000 + testing * 1000000 + done) STORED,
  PRIMARY KEY (session_id, list_id)
);
CREATE INDEX session_counts_by_entries ON session_counts (list_id, shelf, entries, session_id);
CREATE INDEX session_counts_by_testing ON session_counts (list_id, shelf, testing, session_id);
CREATE INDEX session_counts_by_done ON session_counts (list_id, shelf, done, session_id);
ALTER TABLE session_counts ALTER COLUMN list_id SET (n_distinct = 1);

-- What is searched changes seldom, and its index is dear to change: so it stands apart from what changes with the phase.
CREATE TABLE session_search (
  session_id text PRIMARY KEY REFERENCES sessions (id),
  organisation_id text NOT NULL,
  words text COLLATE "C" NOT NULL
);

INSERT INTO session_list (list_id, session_id, shelf, name_key, opens_at, closes_at, code_key, mode, join_id, shown)
SELECT lists.list_id, sessions.id, CASE WHEN phase IN ('LobbyOpen', 'Open', 'Held', 'Draining') THEN 'UnderWay' ELSE phase END,
       translate(name_key, U&'\0130\0131', 'II'), opens_at, closes_at, code_key, mode, join_id,
       json_build_object(
         'id', sessions.id, 'name', name, 'mode', document::json->'mode', 'timeZone', document::json->'timeZone', 'opensAt', document::json->'opensAt',
         'closesAt', document::json->'closesAt', 'phase', 'scheduled', 'joinId', substr(join_id, 1, 4) || '-' || substr(join_id, 5),
         'code', document::json->'code', 'startMode', document::json->'startMode', 'simulated', simulated, 'version', 0,
         'proctorIds', (SELECT coalesce(json_agg(proctor->'id'), '[]'::json) FROM json_array_elements(document::json->'proctors') AS proctor))::text
FROM sessions
JOIN (SELECT id AS session_id, organisation_id AS list_id FROM sessions UNION ALL SELECT session_id, staff_id FROM session_proctors) AS lists
  ON lists.session_id = sessions.id
WHERE NOT deleted AND NOT (simulated AND phase IN ('Closed', 'Cancelled'));

INSERT INTO session_now (session_id, organisation_id, phase, version, waiting, testing, done)
SELECT id, organisation_id, CASE phase WHEN 'Scheduled' THEN 0 WHEN 'LobbyOpen' THEN 1 WHEN 'Open' THEN 2 WHEN 'Held' THEN 3 WHEN 'Draining' THEN 4 WHEN 'Closed' THEN 5 ELSE 6 END,
       version, coalesce(counted.waiting, 0), coalesce(counted.testing, 0), coalesce(counted.done, 0)
FROM sessions
LEFT JOIN (
  SELECT session_id,
         sum(CASE WHEN state = 'Waiting' THEN 1 ELSE 0 END) AS waiting,
         sum(CASE WHEN state IN ('Entering', 'Testing', 'Paused', 'AtSeal', 'Interrupted') THEN 1 ELSE 0 END) AS testing,
         sum(CASE WHEN state IN ('Submitted', 'Terminated', 'Expired') THEN 1 ELSE 0 END) AS done
  FROM entries GROUP BY session_id) AS counted ON counted.session_id = sessions.id
WHERE id IN (SELECT session_id FROM session_list);

INSERT INTO session_counts (list_id, session_id, shelf, opens_at, closes_at, waiting, testing, done)
SELECT list_id, session_list.session_id, shelf, opens_at, closes_at, waiting, testing, done
FROM session_list JOIN session_now ON session_now.session_id = session_list.session_id;

INSERT INTO session_search (session_id, organisation_id, words)
SELECT id, organisation_id, translate(name_key, U&'\0130\0131', 'II') || chr(10) || code_key || chr(10) || join_id FROM sessions WHERE NOT deleted;

-- Every part of three and of six characters, none across lines. A part of six is rare even where each of its words is common. The part that the name begins
-- with is not among them: what begins with a text stands together in the order of names.
CREATE FUNCTION session_parts(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(part) FROM (
    SELECT substr(words, place, 3) AS part FROM generate_series(2, length(words) - 2) AS place
    UNION ALL
    SELECT substr(words, place, 6) FROM generate_series(2, length(words) - 5) AS place) AS parts
  WHERE strpos(part, chr(10)) = 0
$$;
CREATE INDEX session_search_by_part ON session_search USING gin (session_parts(words));

-- By the database itself, inside the statement that changes the entry: no path forgets it, and none waits for it. Row by row: gathering the rows of a statement
-- first takes longer than the one update that most of them need. What an entry becomes mostly changes no number.
CREATE FUNCTION count_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE session_now SET
    waiting = waiting + (NEW.state = 'Waiting')::int,
    testing = testing + (NEW.state IN ('Entering', 'Testing', 'Paused', 'AtSeal', 'Interrupted'))::int,
    done = done + (NEW.state IN ('Submitted', 'Terminated', 'Expired'))::int,
    counted = counted + 1
  WHERE session_id = NEW.session_id;
  RETURN NULL;
END $$;
CREATE FUNCTION recount_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE session_now SET
    waiting = waiting + (NEW.state = 'Waiting')::int - (OLD.state = 'Waiting')::int,
    testing = testing + (NEW.state IN ('Entering', 'Testing', 'Paused', 'AtSeal', 'Interrupted'))::int
                      - (OLD.state IN ('Entering', 'Testing', 'Paused', 'AtSeal', 'Interrupted'))::int,
    done = done + (NEW.state IN ('Submitted', 'Terminated', 'Expired'))::int - (OLD.state IN ('Submitted', 'Terminated', 'Expired'))::int,
    counted = counted + 1
  WHERE session_id = NEW.session_id;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_are_counted AFTER INSERT ON entries FOR EACH ROW EXECUTE FUNCTION count_entry();
CREATE TRIGGER entries_are_recounted AFTER UPDATE OF state ON entries FOR EACH ROW
  WHEN (OLD.state <> NEW.state
        AND NOT (OLD.state IN ('Entering', 'Testing', 'Paused', 'AtSeal', 'Interrupted') AND NEW.state IN ('Entering', 'Testing', 'Paused', 'AtSeal', 'Interrupted')))
  EXECUTE FUNCTION recount_entry();
