-- One procedure's words go when it is indexed anew.
create index procedure_word_by_procedure on procedure_word (procedure);
