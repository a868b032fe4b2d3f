-- guide: life events as packs bring them: what to do, in which order, with which procedures.
create table guide_event (
    code  text primary key,                  -- public: "sinh-con"
    sort  integer not null,                  -- public
    icon  text not null,                     -- public
    title text not null,                     -- public
    about text not null,                     -- public: one sentence
    steps text not null                      -- public: JSON, as in the pack
);
