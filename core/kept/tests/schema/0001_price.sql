-- A table whose changes count, and one of which only one column does.
create table kept_test_price ( -- internal
    id    $id,
    dong  bigint not null,
    seen  bigint not null
);
create table kept_test_shop ( -- internal
    id    $id,
    name  text not null,
    seen  bigint not null
);
insert into kept_test_price (id, dong, seen) values (1, 100, 0);
insert into kept_test_shop (id, name, seen) values (1, 'A', 0);
$moves price kept_test_price;
$moves shop kept_test_shop name;
