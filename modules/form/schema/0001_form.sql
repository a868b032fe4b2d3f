-- Electronic forms: each version whole, as its pack states it.
create table form_version (
    id         $id,                          -- public
    code       text not null,                -- public: "khai-sinh"
    version    text not null,                -- public: "2026.1"
    valid_from bigint not null,              -- public: day number
    definition text not null,                -- public: JSON, see README
    sha256     text not null,                -- public: of the definition; a landed version never changes
    unique (code, version)
);
