-- Print templates of forms and results that a law sets: each version whole, as its pack states it.
create table form_template (
    id         $id,                          -- public
    code       text not null,                -- public: "mau-01", "giay-khai-sinh"
    version    text not null,                -- public
    valid_from bigint not null,              -- public: day number
    paper      text not null check (paper in ('A4', 'A5')), -- public
    title      text not null,                -- public
    basis      text not null,                -- public: the law that sets the form
    body       text not null,                -- public: print markup
    sha256     text not null,                -- public
    unique (code, version)
);
