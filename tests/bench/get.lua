-- get.lua - a signed-in person asks for a page; SEEN hears of answers other than 200.
function init()
  bad = 0
  local cookie = os.getenv("COOKIE")
  if cookie and cookie ~= "" then wrk.headers["Cookie"] = cookie end
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
