-- Profiles that change: versions, the organisation's default, and which sessions have still to hear of it.

ALTER TABLE profiles ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE profiles ADD COLUMN is_default boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX profiles_default ON profiles (organisation_id) WHERE is_default;

-- profile_id: the profile whose changes concern the session; '' where it names none, '-' where no profile has an effect.
-- profile_mark: which profile and version it took or was told of last.
ALTER TABLE sessions ADD COLUMN profile_id text NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN profile_mark text NOT NULL DEFAULT '';
UPDATE sessions SET profile_id = coalesce(document::json ->> 'profileId', '');
CREATE INDEX sessions_of_profile ON sessions (organisation_id, profile_id, id) WHERE NOT deleted AND NOT ended;

-- A profile that changed, until its sessions have followed; profile_id is '' for the sessions that name none.
CREATE TABLE profile_changes (
  organisation_id text NOT NULL,
  profile_id text NOT NULL,
  stamp text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (organisation_id, profile_id)
);
