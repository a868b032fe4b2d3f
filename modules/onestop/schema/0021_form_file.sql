-- Forms 01 to 05 as they were issued: signed by the officer who issued them, kept beside the dossier.
create table onestop_form_file (
    dossier   bigint not null references onestop_dossier (id), -- internal
    form      integer not null check (form between 1 and 5), -- internal
    reason    bigint not null,               -- internal: the supplement or decision it says; 0 form 01
    file      bigint not null,               -- internal: file/file.h
    sha256    text not null,                 -- internal: of the signed file
    signer    bigint not null,               -- internal: account
    signed_at bigint not null,               -- internal
    primary key (dossier, form, reason)
);
