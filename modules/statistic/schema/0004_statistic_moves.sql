-- Figures change when the reader of the journal has counted, and with the boundaries on the map.
$moves statistic statistic_mark;
$moves statistic statistic_map;
$moves statistic statistic_map_area;
$moves statistic statistic_period;
