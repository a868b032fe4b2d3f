-- The name stands, sealed, in what is kept of an actor: it moves with it too.
-- if sqlite
drop trigger identity_account_moves_update;
-- end
-- if postgresql
drop trigger identity_account_moves_update on identity_account;
-- end
$moves identity identity_account closed person name subject;
