-- An erasure moves the number that readers' unwrapped keys are held against (decision 0003).
$moves vault vault_subject erased_at;
