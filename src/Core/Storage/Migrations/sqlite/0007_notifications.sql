-- What students are told by mail, and the calendars that people follow.

ALTER TABLE organisations ADD COLUMN language text NOT NULL DEFAULT 'en';

-- One mail a row. "once" names the change that it tells of, so that no change is told twice. due_at: when it is tried,
-- or when the hold of the node that works on it ends; null when nothing is to be done.
CREATE TABLE outbox (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  once text NOT NULL UNIQUE,
  kind text NOT NULL,
  student_id text NOT NULL,
  session_id text REFERENCES sessions (id),
  schedule_version bigint NOT NULL,
  sequence bigint NOT NULL DEFAULT 0,
  former_session_id text REFERENCES sessions (id),
  former_sequence bigint NOT NULL DEFAULT 0,
  former_opens_at bigint,
  former_closes_at bigint,
  state text NOT NULL,
  since bigint NOT NULL,
  due_at bigint,
  attempts bigint NOT NULL DEFAULT 0,
  claim text NOT NULL DEFAULT '',
  recipient text NOT NULL,
  reply text NOT NULL DEFAULT '',
  asked_by text NOT NULL,
  first_tried_at bigint,
  created_at bigint NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_newest ON outbox (organisation_id, created_at, id);
CREATE INDEX outbox_by_state ON outbox (organisation_id, state, created_at, id);
CREATE INDEX outbox_of_session ON outbox (session_id, state);
CREATE INDEX outbox_settled ON outbox (since) WHERE due_at IS NULL;
CREATE INDEX outbox_of_student ON outbox (student_id);

-- The secret addresses of calendar feeds: one for a student or a member of staff.
CREATE TABLE calendars (
  secret text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  student_id text UNIQUE,
  staff_id text UNIQUE REFERENCES staff (id),
  created_at bigint NOT NULL
);
