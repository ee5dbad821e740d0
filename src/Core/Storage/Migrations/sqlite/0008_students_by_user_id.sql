-- Whoever is looked for by user ID is found by it, whatever the planner believes of a table that was empty a minute ago: only one index
-- of students begins with the organisation, the one of external IDs.

DROP INDEX students_by_user_id;
CREATE UNIQUE INDEX students_by_user_id ON students (user_id, organisation_id);
