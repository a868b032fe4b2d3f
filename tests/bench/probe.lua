-- probe.lua - POST /api/tham-do, each with a key of its own; SEEN hears of answers other than 200.
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end
function init()
  n, bad = 0, 0
  start = os.time() .. "-" .. tostring({}):sub(8) .. "-" .. number .. "-"
  wrk.method = "POST"
  wrk.body = "{}"
  wrk.headers["Content-Type"] = "application/json"
end
function request()
  n = n + 1
  wrk.headers["Idempotency-Key"] = start .. n
  return wrk.format()
end
function response(status)
  if status ~= 200 then
    bad = bad + 1
    if bad == 1 then
      local seen = io.open(os.getenv("SEEN"), "a")
      seen:write("status ", status, "\n")
      seen:close()
    end
  end
end
