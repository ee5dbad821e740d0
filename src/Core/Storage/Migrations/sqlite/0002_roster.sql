-- Groups, registrations and credits; what a student signs in with.

ALTER TABLE organisations ADD COLUMN credits bigint NOT NULL DEFAULT 100000 CHECK (credits >= 0);
ALTER TABLE organisations ADD COLUMN credit_seq bigint NOT NULL DEFAULT 0;

ALTER TABLE students ADD COLUMN user_id text;
ALTER TABLE students ADD COLUMN page_secret text;
ALTER TABLE students ADD COLUMN language text NOT NULL DEFAULT '';
ALTER TABLE students ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE students ADD COLUMN deleted boolean NOT NULL DEFAULT false;
UPDATE students SET user_id = upper(hex(randomblob(5))), page_secret = lower(hex(randomblob(32)));
CREATE UNIQUE INDEX students_by_user_id ON students (organisation_id, user_id);
CREATE UNIQUE INDEX students_by_page ON students (page_secret);

CREATE TABLE groups (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  name text NOT NULL,
  name_key text NOT NULL,
  created_at bigint NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  UNIQUE (organisation_id, name_key)
);
CREATE TABLE group_members (
  group_id text NOT NULL REFERENCES groups (id),
  student_id text NOT NULL REFERENCES students (id),
  PRIMARY KEY (group_id, student_id)
);
CREATE INDEX groups_of_student ON group_members (student_id, group_id);

INSERT INTO groups (id, organisation_id, name, name_key, created_at)
SELECT lower(hex(randomblob(16))), organisation_id, min(name), upper(name), 0
FROM (SELECT students.organisation_id AS organisation_id, each.value AS name FROM students, json_each(students.groups) AS each) AS named
GROUP BY organisation_id, upper(name);
INSERT INTO group_members (group_id, student_id)
SELECT DISTINCT groups.id, named.id
FROM (SELECT students.id AS id, students.organisation_id AS organisation_id, each.value AS name FROM students, json_each(students.groups) AS each) AS named
JOIN groups ON groups.organisation_id = named.organisation_id AND groups.name_key = upper(named.name);
ALTER TABLE students DROP COLUMN groups;

-- A student entitled to a test. Without a session it can be started at any time.
CREATE TABLE registrations (
  id text PRIMARY KEY,
  organisation_id text NOT NULL REFERENCES organisations (id),
  student_id text NOT NULL REFERENCES students (id),
  test_code text NOT NULL,
  test_key text NOT NULL,
  session_id text REFERENCES sessions (id),
  status text NOT NULL,
  settings text NOT NULL,
  entry_id text,
  invited_at bigint,
  created_at bigint NOT NULL,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX registrations_live ON registrations (student_id, test_key) WHERE status IN ('Pending', 'Started');
CREATE INDEX registrations_of_session ON registrations (session_id, status) WHERE session_id IS NOT NULL;
CREATE INDEX registrations_of_student ON registrations (student_id, id);
CREATE INDEX registrations_of_organisation ON registrations (organisation_id, id);

-- Append-only. A registration takes one credit once and returns it at most once.
CREATE TABLE credit_ledger (
  organisation_id text NOT NULL REFERENCES organisations (id),
  seq bigint NOT NULL,
  at bigint NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL,
  balance bigint NOT NULL,
  registration_id text,
  note text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  PRIMARY KEY (organisation_id, seq)
);
CREATE UNIQUE INDEX credit_once ON credit_ledger (registration_id, kind) WHERE registration_id IS NOT NULL;

-- Tests of the catalogue can be edited.
ALTER TABLE tests ADD COLUMN version bigint NOT NULL DEFAULT 1;
