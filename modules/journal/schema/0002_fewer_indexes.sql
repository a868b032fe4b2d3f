-- SQLite has no transaction numbers: there the order of writing is the id, and no statement asks for this index.
-- if sqlite
drop index journal_event_by_tx;
-- end
