-- Instants are Unix milliseconds, states are text, documents are JSON.

CREATE TABLE organisations (
  id text PRIMARY KEY,
  name text NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE staff (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  email text NOT NULL,
  email_key text NOT NULL UNIQUE,
  name text NOT NULL,
  role text NOT NULL,
  password_hash text,
  security_stamp text NOT NULL,
  disabled boolean NOT NULL,
  created_at bigint NOT NULL
);
CREATE INDEX staff_of_organisation ON staff (organisation_id, name, id);

-- By the hash of the e-mail that was tried, whether or not an account has it: the answer must not tell which exist.
CREATE TABLE sign_in_failures (
  account text PRIMARY KEY,
  failed_count bigint NOT NULL,
  locked_until bigint,
  at bigint NOT NULL
);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (at);

CREATE TABLE api_tokens (
  id text PRIMARY KEY,
  staff_id text NOT NULL REFERENCES staff (id),
  hash text NOT NULL UNIQUE,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);

-- Shared by the nodes: what protects cookies, and what signs entry tokens.
CREATE TABLE data_protection_keys (
  name text PRIMARY KEY,
  xml text NOT NULL
);
CREATE TABLE signing_keys (
  kid text PRIMARY KEY,
  pkcs8 text NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE delivery_systems (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  name text NOT NULL,
  key_hash text NOT NULL UNIQUE,
  webhook_url text,
  simulated boolean NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE profiles (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  name text NOT NULL,
  name_key text NOT NULL,
  settings text NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (organisation_id, name_key)
);

CREATE TABLE tests (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  code text NOT NULL,
  code_key text NOT NULL,
  title text NOT NULL,
  kind text NOT NULL,
  sections text NOT NULL,
  minutes bigint NOT NULL,
  proctored boolean NOT NULL,
  launch_url text NOT NULL,
  delivery text NOT NULL,
  simulated boolean NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (organisation_id, code_key)
);

CREATE TABLE students (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  external_id text NOT NULL,
  external_key text NOT NULL,
  given_name text NOT NULL,
  family_name text NOT NULL,
  email text,
  groups text NOT NULL,
  settings text NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (organisation_id, external_key)
);

-- The document is the session; the columns are what is searched and sorted.
CREATE TABLE sessions (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  name text NOT NULL,
  name_key text NOT NULL,
  mode text NOT NULL,
  phase text NOT NULL,
  opens_at bigint NOT NULL,
  closes_at bigint NOT NULL,
  code_key text NOT NULL,
  join_id text NOT NULL,
  link_secret text UNIQUE,
  version bigint NOT NULL,
  simulated boolean NOT NULL,
  ad_hoc boolean NOT NULL,
  deleted boolean NOT NULL,
  document text NOT NULL,
  ended boolean GENERATED ALWAYS AS (phase IN ('Closed', 'Cancelled')) STORED
);
CREATE UNIQUE INDEX sessions_live_join_id ON sessions (join_id) WHERE NOT ended;
CREATE INDEX sessions_by_name ON sessions (organisation_id, name_key, id) WHERE NOT deleted;
CREATE INDEX sessions_by_opening ON sessions (organisation_id, opens_at, id) WHERE NOT deleted;
CREATE INDEX sessions_by_closing ON sessions (organisation_id, closes_at, id) WHERE NOT deleted;
CREATE INDEX sessions_of_rehearsals ON sessions (organisation_id, ended) WHERE simulated;
CREATE INDEX sessions_ad_hoc ON sessions (id) WHERE ad_hoc AND NOT ended;
CREATE INDEX sessions_by_join_id ON sessions (join_id);

-- When the scheduler looks at a session next; null when there is nothing to wait for.
CREATE TABLE session_due (
  session_id text PRIMARY KEY REFERENCES sessions (id),
  due_at bigint
);
CREATE INDEX session_due_by_time ON session_due (due_at, session_id) WHERE due_at IS NOT NULL;

CREATE TABLE session_proctors (
  session_id text NOT NULL REFERENCES sessions (id),
  staff_id text NOT NULL REFERENCES staff (id),
  lead boolean NOT NULL,
  PRIMARY KEY (session_id, staff_id)
);
CREATE INDEX sessions_of_proctor ON session_proctors (staff_id, session_id);

-- "active" is true while the student waits or is tested: one such entry per student and test.
CREATE TABLE entries (
  id text PRIMARY KEY,
  organisation_id text NOT NULL,
  session_id text NOT NULL REFERENCES sessions (id),
  student_key text NOT NULL,
  test_code text NOT NULL,
  state text NOT NULL,
  active boolean NOT NULL,
  arrival bigint NOT NULL,
  version bigint NOT NULL,
  due_at bigint,
  document text NOT NULL
);
CREATE UNIQUE INDEX entries_active ON entries (organisation_id, student_key, test_code) WHERE active;
CREATE UNIQUE INDEX entries_arrival ON entries (session_id, arrival);
CREATE INDEX entries_of_student ON entries (student_key, session_id, test_code);
CREATE INDEX entries_by_state ON entries (session_id, state);
CREATE INDEX entries_due ON entries (due_at) WHERE due_at IS NOT NULL;

-- The token of each device that held an entry. Only the latest counts; an older one is told that another device took over.
CREATE TABLE entry_tokens (
  hash text PRIMARY KEY,
  entry_id text NOT NULL REFERENCES entries (id),
  device bigint NOT NULL
);

CREATE TABLE feeds (
  feed text PRIMARY KEY,
  epoch text NOT NULL,
  seq bigint NOT NULL
);
CREATE TABLE feed_events (
  feed text NOT NULL,
  epoch text NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL,
  at bigint NOT NULL,
  data text NOT NULL,
  PRIMARY KEY (feed, seq)
);
CREATE INDEX feed_events_by_age ON feed_events (at);

CREATE TABLE idempotency (
  name text PRIMARY KEY,
  request text NOT NULL,
  answer text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE audit_chains (
  chain text PRIMARY KEY,
  seq bigint NOT NULL,
  hash text NOT NULL
);
CREATE TABLE audit (
  chain text NOT NULL,
  seq bigint NOT NULL,
  organisation_id text NOT NULL,
  at bigint NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  details text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_of_organisation ON audit (organisation_id, at);

CREATE TRIGGER audit_has_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_has_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
