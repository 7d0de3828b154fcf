-- Sends the prepared requests of a file, one a line (method, path, headers, body; tabs between), in order and
-- from the start again; prints one line of JSON at the end.
local prepared, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, headers, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local named = {}
    for name, value in headers:gmatch("([%w-]+)=([^\1]*)\1") do named[name] = value end
    prepared[#prepared + 1] = wrk.format(method, path, named, body ~= "" and body or nil)
  end
end

function request()
  at = at % #prepared + 1
  return prepared[at]
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"errors":%d,"p50_ms":%.3f,"p95_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f}\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
