-- search.lua - asks the queries of the search test, one after the other, in turn; `tests/bench/search`.
local queries, at = {}, 0
for line in io.lines("modules/procedure/tests/data/queries.tsv") do
    if line:sub(1, 1) ~= "#" then
        local q = line:match("^[^\t]+")
        queries[#queries + 1] = "/tim?q=" .. q:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end)
    end
end
function request()
    at = at % #queries + 1
    return wrk.format("GET", queries[at])
end
