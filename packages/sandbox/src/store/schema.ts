/** Raised with each change of the tables; a file of another version is refused. */
export const SCHEMA_VERSION = 2;

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS resources (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  -- where its id is unique: a hypervisor; empty where the whole cloud is one place
  place TEXT NOT NULL,
  urn TEXT NOT NULL,
  region TEXT NOT NULL,
  inputs TEXT NOT NULL,
  outputs TEXT NOT NULL,
  -- the outputs as the provider wrote them; what differs has drifted
  written TEXT NOT NULL,
  -- set where the cloud made it along with another one, which it goes with
  owner_type TEXT,
  owner_id TEXT,
  created TEXT NOT NULL,
  updated TEXT NOT NULL,
  PRIMARY KEY (type, id, place)
) STRICT;
CREATE INDEX IF NOT EXISTS resources_by_id ON resources (id);
-- every id and ARN that exists, and what it belongs to
CREATE TABLE IF NOT EXISTS names (value TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (value, type, id, place)) STRICT;
CREATE INDEX IF NOT EXISTS names_by_resource ON names (type, id, place);
-- which resource's inputs name which id or ARN
CREATE TABLE IF NOT EXISTS refs (type TEXT NOT NULL, id TEXT NOT NULL, place TEXT NOT NULL, path TEXT NOT NULL, value TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS refs_by_value ON refs (value);
CREATE INDEX IF NOT EXISTS refs_by_resource ON refs (type, id, place);
CREATE TABLE IF NOT EXISTS faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  operation TEXT NOT NULL,
  moment TEXT NOT NULL,
  delay_ms INTEGER NOT NULL,
  error TEXT,
  hang INTEGER NOT NULL,
  remaining INTEGER
) STRICT;
`;
