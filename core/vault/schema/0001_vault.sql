-- vault: keys of data subjects, wrapped under the master key of the installation (decision 5).
create table vault_subject (
    id         $id,                           -- internal: what records refer to
    tag        $bytes not null,               -- internal: 16 random bytes; a tombstone names id and tag
    wrapped    $sealed,                       -- secret: the subject's key; null once erased
    made_at    bigint not null,               -- internal: UTC, milliseconds
    erased_at  bigint not null default 0,     -- internal: 0 while the key exists
    erased_by  text,                          -- internal: number of the legal order
    check ((wrapped is null) = (erased_at > 0))
);
create index vault_subject_erased on vault_subject (erased_at, id) where erased_at > 0;

-- Signing keys of the installation itself, by name.
create table vault_key (
    name       text primary key,              -- public: "journal", "ca"
    public_der $bytes not null,               -- public: SubjectPublicKeyInfo
    sealed     $sealed not null,              -- secret: PKCS#8, under the master key
    made_at    bigint not null                -- public: UTC, milliseconds
);
