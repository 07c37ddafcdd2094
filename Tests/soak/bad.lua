-- For wrk: requests of which none is in order, one after the other, and prints how many got which answer:
-- "bad REQUESTS REFUSED OTHERS". Refused is what has a status from 400 to 499, or 505.
local host = "Host: localhost\r\n"
local json = host .. "Content-Type: application/json\r\n"
local function post(headers, body) return "POST /validate HTTP/1.1\r\n" .. json .. headers .. "\r\n" .. body end
local function sized(body) return post("Content-Length: " .. #body .. "\r\n", body) end

local requests = {
    sized("{"), sized("[]"), sized("\255\254"), sized(string.rep("[", 5000)), sized(string.rep("x", 100000)),
    sized('{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"' .. string.rep("u", 70000) .. '"}}'),
    "GET /validate HTTP/1.1\r\n" .. host .. "\r\n",
    "POST /nowhere HTTP/1.1\r\n" .. json .. "Content-Length: 2\r\n\r\n{}",
    "POST /validate HTTP/1.1\r\n" .. host .. "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
    post("Content-Length: 33554433\r\n", ""),
    post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    post("Transfer-Encoding: xchunked\r\n", ""),
    post("Transfer-Encoding: chunked\r\n", "zz\r\n"),
    post("X: " .. string.rep("x", 70000) .. "\r\n", ""),
    "POST http://localhost/validate HTTP/1.1\r\n" .. json .. "\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\0\1\2\3\r\n\r\n",
}

local next_request = 0
refused, others = 0, 0

function request()
    next_request = next_request % #requests + 1
    return requests[next_request]
end

function response(status)
    if status >= 400 and status < 500 or status == 505 then refused = refused + 1 else others = others + 1 end
end

local threads = {}
function setup(thread) table.insert(threads, thread) end

function done(summary)
    local all_refused, all_others = 0, 0
    for _, thread in ipairs(threads) do
        all_refused = all_refused + thread:get("refused")
        all_others = all_others + thread:get("others")
    end
    io.write(string.format("bad %d %d %d\n", summary.requests, all_refused, all_others))
end
