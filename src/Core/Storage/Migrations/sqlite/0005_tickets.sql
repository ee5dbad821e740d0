-- The codes that open sealed sections, and sessions that one student's individual start made.

CREATE TABLE seal_codes (
  session_id text NOT NULL REFERENCES sessions (id),
  test_key text NOT NULL,
  section text NOT NULL,
  code text NOT NULL,
  made_at bigint NOT NULL,
  PRIMARY KEY (session_id, test_key, section)
);

ALTER TABLE sessions ADD COLUMN individual boolean NOT NULL DEFAULT false;
