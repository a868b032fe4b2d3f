-- What an actor is made from (identity_load_actor); unit and tree are org's.
$moves identity identity_post;
$moves identity identity_role;
$moves identity identity_role_right;
$moves identity identity_account closed person;
