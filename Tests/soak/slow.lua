-- For wrk: heads that never end. The server waits for the rest as long as it waits for anybody.
local head = "POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Le"
function request() return head end
