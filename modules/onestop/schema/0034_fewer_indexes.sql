-- What lies in whose hands is asked of onestop_desk since 0010; no statement looks these up any more, and each dossier
-- that is sent or moved wrote into all of them.
drop index onestop_dossier_in_hand;
drop index onestop_dossier_by_path;
drop index onestop_dossier_by_subject;
