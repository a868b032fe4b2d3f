-- Names, trees and areas as pages and rights read them.
$moves org org_unit;
$moves org org_area;
$moves org org_unit_change;
$moves org org_area_change;
