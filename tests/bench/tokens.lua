-- tokens.lua - asks for a page with a form, again and again, and keeps the form tokens it shows.
--   COOKIE, TOKENS (a file of this thread's: TOKENS.1, TOKENS.2, ...)
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end
function init()
  out = io.open(os.getenv("TOKENS") .. "." .. number, "w")
  wrk.headers["Cookie"] = os.getenv("COOKIE")
end
function response(status, headers, body)
  for token in string.gmatch(body, 'name="_token" value="([^"]+)"') do
    if status == 200 then out:write(token, "\n") end
  end
  out:flush()
end
