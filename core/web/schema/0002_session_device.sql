-- By what a person knows one of several sessions again.
alter table web_session add column device text not null default ''; -- internal: kind of browser and system, of our own words, as "Firefox, Windows"; empty: before this was kept
