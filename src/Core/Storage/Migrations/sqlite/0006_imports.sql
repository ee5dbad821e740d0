-- Files whose rows become things of the organisation: read and judged, then applied.

CREATE TABLE imports (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  kind text NOT NULL,
  file_name text NOT NULL,
  options text NOT NULL,
  state text NOT NULL,
  total bigint NOT NULL,
  done bigint NOT NULL,
  written bigint NOT NULL,
  counts text NOT NULL,
  problem text,
  notice text,
  notify boolean,
  remarks text NOT NULL,
  actor text NOT NULL,
  lease_owner text NOT NULL,
  lease_until bigint NOT NULL,
  attempts bigint NOT NULL,
  created_at bigint NOT NULL,
  finished_at bigint
);
CREATE INDEX imports_of_organisation ON imports (organisation_id, id);
CREATE INDEX imports_at_work ON imports (lease_until) WHERE state IN ('Reading', 'Applying');

-- The file as it was sent, until it is read.
CREATE TABLE import_files (
  import_id text PRIMARY KEY REFERENCES imports (id),
  data blob NOT NULL
);

CREATE TABLE import_rows (
  import_id text NOT NULL REFERENCES imports (id),
  position bigint NOT NULL,
  line bigint NOT NULL,
  part text NOT NULL,
  subject text NOT NULL,
  outcome text NOT NULL,
  cells text NOT NULL,
  findings text NOT NULL,
  subject_id text,
  PRIMARY KEY (import_id, position)
);

-- Which sessions have a name: what is searched begins with it.
CREATE INDEX session_search_by_name ON session_search (organisation_id, words);
