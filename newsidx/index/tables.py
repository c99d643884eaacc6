"""The tables of the ledger, and what brings older ones up to date."""

from __future__ import annotations

__all__ = ["ADDITIONS", "FILE_COLUMNS", "MIGRATIONS", "PLACE_COLUMNS", "SCHEMA", "VERSION"]
__all__ += ["STATUS_OF_CONTAINER", "STATUS_OF_FILE"]

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE roots (
  id INTEGER PRIMARY KEY,
  label TEXT NOT NULL UNIQUE,
  base NOT NULL,              -- absolute path of the folder
  only,                       -- the one file in it that is the root, or NULL
  options TEXT NOT NULL       -- JSON
);
CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  root INTEGER NOT NULL REFERENCES roots (id),
  path NOT NULL,              -- below the root; a BLOB where it is not UTF-8
  origin TEXT NOT NULL,       -- label/path at first sight: its identity, even after a move
  size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER,
  recorded INTEGER,           -- ns since the epoch; NULL: to be read again
  digest BLOB,                -- of the bytes
  status TEXT NOT NULL, reason TEXT, detail TEXT,
  reader TEXT, reader_version INTEGER,
  bad INTEGER NOT NULL DEFAULT 0,   -- records that could not be read
  run INTEGER NOT NULL,       -- the run in which its content was first seen
  dated INTEGER NOT NULL,     -- its mtime then: a later touch makes no new version
  container INTEGER REFERENCES files (id),  -- the archive on disk that it is a member of
  reduced INTEGER NOT NULL DEFAULT 0,  -- articles were taken out of it, for good
  UNIQUE (root, path)
);
CREATE INDEX files_origin ON files (origin);
CREATE INDEX files_container ON files (container) WHERE container IS NOT NULL;
CREATE INDEX files_unread ON files (root) WHERE recorded IS NULL AND reason IS NULL;
CREATE TABLE left_out (
  root INTEGER NOT NULL REFERENCES roots (id),
  path NOT NULL, reason TEXT NOT NULL, files INTEGER NOT NULL,
  PRIMARY KEY (root, path, reason)
) WITHOUT ROWID;
CREATE TABLE bad_records (
  file INTEGER NOT NULL REFERENCES files (id),
  position INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT
);
CREATE INDEX bad_records_file ON bad_records (file);
CREATE TABLE places (         -- every article in every file, searched or not
  id INTEGER PRIMARY KEY,
  file INTEGER NOT NULL REFERENCES files (id),
  position INTEGER NOT NULL,
  url_identity TEXT, own_identity TEXT NOT NULL,  -- NULL and '' of what was removed
  title BLOB NOT NULL, body BLOB, content BLOB NOT NULL,
  facts BLOB NOT NULL, stored BLOB NOT NULL,
  day INTEGER,                -- ordinal
  published TEXT, source TEXT, language TEXT, authors INTEGER, words INTEGER,
  date_key TEXT, date_order TEXT,  -- whose date it is, and what it shows of their order
  url_key BLOB, own_key BLOB NOT NULL,     -- hashes of both
  declared INTEGER NOT NULL,  -- it was read from an export
  status TEXT, article TEXT   -- indexed, duplicate, superseded or removed; under which id
);
CREATE INDEX places_file ON places (file);
CREATE INDEX places_url ON places (url_key) WHERE url_key IS NOT NULL;
CREATE INDEX places_own ON places (own_key);
CREATE INDEX places_content ON places (content);
CREATE INDEX places_body ON places (body) WHERE body IS NOT NULL;
CREATE INDEX places_article ON places (article);
CREATE INDEX places_dates ON places (date_key, date_order) WHERE date_order IS NOT NULL;
CREATE TABLE date_orders (key TEXT PRIMARY KEY, "order" TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (       -- what the engine holds
  id TEXT PRIMARY KEY,
  place INTEGER NOT NULL, identity TEXT NOT NULL,
  facts BLOB NOT NULL, stored BLOB NOT NULL, same_text TEXT
) WITHOUT ROWID;
CREATE TABLE intent (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE removals (       -- articles that somebody removed, and that are kept out
  id TEXT PRIMARY KEY, moment INTEGER NOT NULL  -- ns since the epoch
) WITHOUT ROWID;
CREATE TABLE removal_marks (  -- keys of identities, and contents, that each keeps out
  mark BLOB NOT NULL, removal TEXT NOT NULL REFERENCES removals (id),
  PRIMARY KEY (mark, removal)
) WITHOUT ROWID;
CREATE INDEX removal_marks_removal ON removal_marks (removal);
"""
VERSION = 3

# What was added since without another version: a ledger that lacks it can be read as it is, and
# gets it when it is written to.
ADDITIONS = """
CREATE TABLE IF NOT EXISTS sketches (  -- of the text of places, by which copies are found
  place INTEGER PRIMARY KEY,
  sketch BLOB NOT NULL        -- made as the value `sketches` of meta says
);
CREATE TRIGGER IF NOT EXISTS sketches_go AFTER DELETE ON places
  BEGIN DELETE FROM sketches WHERE place = OLD.id; END
"""

# What brings a ledger of a version to the next one: SQL, all of it in one transaction.
MIGRATIONS: dict[int, str] = {
    # Every file is read again: what is new of a place is made of what its article says.
    2: """
UPDATE files SET recorded = NULL;
DELETE FROM articles;
DELETE FROM intent;
DELETE FROM places;
ALTER TABLE files ADD COLUMN reduced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE places ADD COLUMN url_key BLOB;
ALTER TABLE places ADD COLUMN own_key BLOB NOT NULL DEFAULT x'';
ALTER TABLE places ADD COLUMN declared INTEGER NOT NULL DEFAULT 0;
DROP INDEX places_url;
DROP INDEX places_own;
CREATE INDEX places_url ON places (url_key) WHERE url_key IS NOT NULL;
CREATE INDEX places_own ON places (own_key);
CREATE TABLE removals (id TEXT PRIMARY KEY, moment INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE removal_marks (
  mark BLOB NOT NULL, removal TEXT NOT NULL REFERENCES removals (id),
  PRIMARY KEY (mark, removal)
) WITHOUT ROWID;
CREATE INDEX removal_marks_removal ON removal_marks (removal);
""",
}

FILE_COLUMNS = (
    "root, path, origin, size, mtime, ctime, inode, recorded, digest, status, reason, detail, "
    "reader, reader_version, bad, run, dated, container, reduced"
)
PLACE_COLUMNS = (
    "file, position, url_identity, own_identity, title, body, content, facts, stored, day, "
    "published, source, language, authors, words, date_key, date_order, url_key, own_key, declared"
)
# Of all that became of its articles, or its members, the best is said of a file.
_BEST = (
    "ORDER BY CASE status WHEN 'indexed' THEN 0 WHEN 'duplicate' THEN 1"
    " WHEN 'removed' THEN 3 ELSE 2 END LIMIT 1"
)
STATUS_OF_FILE = (
    "UPDATE files SET status = coalesce("
    f"(SELECT status FROM places WHERE file = files.id {_BEST}), status)"
    " WHERE id = ? AND reason IS NULL"
)
STATUS_OF_CONTAINER = (
    "UPDATE files SET status = coalesce("
    f"(SELECT status FROM files m WHERE m.container = files.id AND reason IS NULL {_BEST}), status)"
    " WHERE id = (SELECT container FROM files WHERE id = ?) AND reason IS NULL"
)
