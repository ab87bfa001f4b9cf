-- What each of the clients of wrk asks: its share of the paths of a file, again and again, on one connection it keeps.
-- wrk -t N -c N --script wrk.lua URL -- FILE N [ENCODING]: as many threads as connections, so that a thread knows what its answers took.
-- Latencies are taken here: wrk's own are corrected for a constant rate, which clients that wait for their answer don't have.

local ffi = require("ffi")
ffi.cdef("typedef struct { long sec; long nsec; } moment; int clock_gettime(int clock, moment *now);")

local MONOTONIC = 1
local now = ffi.new("moment")
local threads = {}

local function microseconds()
   ffi.C.clock_gettime(MONOTONIC, now)
   return tonumber(now.sec) * 1e6 + tonumber(now.nsec) / 1e3
end

function setup(thread)
   thread:set("rank", #threads)
   table.insert(threads, thread)
end

function init(args)
   asked, spent, calls, clients = {}, {}, 0, tonumber(args[2])
   if args[3] then wrk.headers["Accept-Encoding"] = args[3] end
   local line = 0
   for path in io.lines(args[1]) do
      if line % clients == rank then table.insert(asked, wrk.format("GET", path)) end
      line = line + 1
   end
end

-- A client asks again as soon as it has its answer: what lies between two calls is what an answer took. The first call may be one
-- that wrk makes for itself.
function request()
   local at = microseconds()
   if calls > 1 then table.insert(spent, at - before) end
   before, calls = at, calls + 1
   return asked[calls % #asked + 1]
end

function done(summary, latency, requests)
   local all = {}
   for _, thread in ipairs(threads) do
      for _, one in ipairs(thread:get("spent")) do table.insert(all, one) end
   end
   table.sort(all)
   local function rank(share) return all[math.max(1, math.ceil(#all * share))] / 1e3 end
   local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
   local said = '{"nombre": %d, "secondes": %.6f, "octets": %d, "erreurs": %d, "p50_ms": %.3f, "p95_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f}\n'
   io.write(said:format(summary.requests, summary.duration / 1e6, summary.bytes, errors, rank(0.5), rank(0.95), rank(0.99), rank(1)))
end
