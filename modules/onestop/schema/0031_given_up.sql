-- When a dossier was withdrawn, refused or cancelled: what statistics count of it, and the lists those figures lead
-- to. Until now only its event said so; from here on the act itself writes it.
alter table onestop_dossier add column given_up_at bigint not null default 0; -- internal: 0 it was not
update onestop_dossier set given_up_at = coalesce((select max(e.at) from journal_event e
    where e.subject_kind = 'onestop.dossier' and e.subject_id = onestop_dossier.id and e.from_state <> e.to_state
    and e.to_state in ('khong_tiep_nhan', 'da_rut', 'da_huy')), sent_at)
where state in (3, 9, 12);
create index onestop_dossier_given_up on onestop_dossier (given_up_at) where given_up_at > 0;
