-- Lists are paged by the key of the last row.
create index procedure_card_by_key on procedure_card (sort_key, procedure);
create index procedure_import_row_by_key on procedure_import_row (import, change, sort_key, id);
