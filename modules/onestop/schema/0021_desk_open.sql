-- Lists of what is late or stands in one state find it without walking through all that has ended.
create index onestop_desk_open on onestop_desk (reader, reach, turn, due_key, dossier) where turn = 1;
create index onestop_desk_by_state on onestop_desk (reader, reach, state, sent_at, dossier);
