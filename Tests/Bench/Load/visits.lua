-- A logged-in page, asked for by each of the 1,000 sessions in turn; requests are built once. The
-- cookies are what a browser would send that has been here before.
local requests = {}
local place = 0

function init(arguments)
  for person = 1, 1000 do
    requests[person] = wrk.format("GET", wrk.path, {
      ["Host"] = "localhost",
      ["Cookie"] = "theme=dark; visitor=0123456789abcdef0123456789abcdef; sid=tok" .. person .. "-0123456789abcdef0123456789abcdef",
      ["Accept"] = "text/html,application/xhtml+xml",
      ["Accept-Language"] = "en-GB,en;q=0.5",
      ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) bench",
    })
  end
end

function request()
  place = place % 1000 + 1
  return requests[place]
end
