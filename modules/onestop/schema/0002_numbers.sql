-- Numbers are found by the result they were held for, and those still held by their age.
create index onestop_number_by_result on onestop_number (result);
create index onestop_number_held on onestop_number (at) where state = 'giu';
