-- Each node takes what was stated at another.
$moves setup setup_setting;
