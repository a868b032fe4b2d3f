-- get.lua - a signed-in person asks for a page.
--   COOKIE, BYTES (of one answer, head and body), SEEN (a file that hears of other answers)
-- No function for each answer: wrk would hand it head and body as tables and text, which costs it
-- twice what asking costs, on the cores that the server is measured on. A page that leads elsewhere
-- is no error to wrk, but short: so the sum of bytes says that they were all pages.
function init()
  local cookie = os.getenv("COOKIE")
  if cookie and cookie ~= "" then wrk.headers["Cookie"] = cookie end
end
function done(summary)
  local e, expected = summary.errors, summary.requests * (tonumber(os.getenv("BYTES")) or 0)
  if e.status == 0 and summary.bytes >= expected * 0.995 then return end
  local seen = io.open(os.getenv("SEEN"), "a")
  seen:write("errors ", e.status, ", bytes ", summary.bytes, " of ", expected, "\n")
  seen:close()
end
