-- For wrk: heads that never end, for which the server waits as long as it waits for anybody. Only the first request is
-- whole: wrk looks at that one before it starts.
local head = "POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Le"
local is_checked = false
function request()
    if is_checked then return head end
    is_checked = true
    return "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
end
