-- For wrk: posts the file named by BENCH_BODY, and prints the number of requests and of those that failed. BENCH_CONNECTION,
-- if set, is what the header Connection says.
local file = assert(io.open(os.getenv("BENCH_BODY"), "rb"))
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Connection"] = os.getenv("BENCH_CONNECTION")
file:close()

function done(summary)
    local e = summary.errors
    io.write(string.format("bench %d %d\n", summary.requests, e.connect + e.read + e.write + e.status + e.timeout))
end
