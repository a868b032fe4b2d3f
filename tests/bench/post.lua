-- post.lua - sends one form many times, each time with a token of its own.
--   COOKIE, FIELDS (urlencoded, without the token), TOKENS (file; thread n of THREADS takes every
--   n-th), SEEN (optional: a file that hears of answers other than 303)
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end
function init()
  tokens, at, bad = {}, 0, 0
  local i, of = 0, tonumber(os.getenv("THREADS"))
  for line in io.lines(os.getenv("TOKENS")) do
    if i % of == number - 1 then tokens[#tokens + 1] = line end
    i = i + 1
  end
  fields = os.getenv("FIELDS")
  wrk.method = "POST"
  wrk.headers["Cookie"] = os.getenv("COOKIE")
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end
function request()
  at = at + 1
  -- Out of tokens: the last one again is answered from what is kept, which would flatter us.
  if at > #tokens then return wrk.format("GET", "/livez-out-of-tokens", nil, "") end
  return wrk.format(nil, nil, nil, "_token=" .. tokens[at] .. "&" .. fields)
end
function response(status)
  if status ~= 303 then
    bad = bad + 1
    if bad == 1 then
      local seen = io.open(os.getenv("SEEN"), "a")
      seen:write("status ", status, "\n")
      seen:close()
    end
  end
end
