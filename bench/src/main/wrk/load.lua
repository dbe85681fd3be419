-- Builds the requests of LoadBenchmark from environment variables: LOAD_METHOD, LOAD_PATH and, if set, LOAD_BODY and
-- LOAD_TOKEN, a bearer token. Each of them may contain placeholders:
--   <1>, <2>, ...  the columns of a random line of the file LOAD_LINES
--   <n>            a number that is unique over all runs
--   <next>         a value from an earlier response, found by the pattern LOAD_NEXT. If none is left, a line of
--                  the file LOAD_FIRST.
-- LOAD_TYPE is the type of the body, by default JSON.
-- LOAD_DELAY is the longest delay before a request, in milliseconds.
local lines, first, following = {}, {}, {}
local count = os.time() % 1e7 * 1e6
local headPieces, bodyPieces
local received, taken = 0, 0 -- values of <next>
local pattern = os.getenv("LOAD_NEXT")
local maximumDelay = tonumber(os.getenv("LOAD_DELAY") or "0")

local function pieces(text)
  local found = {}
  for plain, name in (text .. "<>"):gmatch("([^<]*)<(%w*)>") do
    found[#found + 1] = plain
    found[#found + 1] = { name }
  end
  return found
end

function init()
  math.randomseed(os.time())
  for line in io.lines(os.getenv("LOAD_LINES")) do
    local columns = {}
    for column in line:gmatch("[^\t]+") do columns[#columns + 1] = column end
    lines[#lines + 1] = columns
  end
  for line in io.lines(os.getenv("LOAD_FIRST")) do first[#first + 1] = line end
  local token, body = os.getenv("LOAD_TOKEN"), os.getenv("LOAD_BODY")
  local head = os.getenv("LOAD_METHOD") .. " " .. os.getenv("LOAD_PATH") .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n"
  if token then head = head .. "Authorization: Bearer " .. token .. "\r\n" end
  if body then
    bodyPieces = pieces(body)
    head = head .. "Content-Type: " .. (os.getenv("LOAD_TYPE") or "application/json") .. "\r\nContent-Length: "
  else
    head = head .. "\r\n"
  end
  headPieces = pieces(head)
  if pattern then
    response = function(_, _, answer)
      local value = answer:match(pattern)
      if value then
        received = received + 1
        following[received] = value
      end
    end
  end
end

local function fill(with, columns, nextOne)
  local out = {}
  for i, piece in ipairs(with) do
    if type(piece) == "string" then out[i] = piece
    elseif piece[1] == "n" then out[i] = count
    elseif piece[1] == "next" then out[i] = nextOne
    else out[i] = columns[tonumber(piece[1])] or "" end
  end
  return table.concat(out)
end

function request()
  count = count + 1
  local columns, nextOne = lines[math.random(#lines)], following[taken + 1]
  if nextOne then
    taken = taken + 1
    following[taken] = nil
  else
    nextOne = first[count % math.max(1, #first) + 1] or ""
  end
  local head = fill(headPieces, columns, nextOne)
  if not bodyPieces then return head end
  local body = fill(bodyPieces, columns, nextOne)
  return head .. #body .. "\r\n\r\n" .. body
end

if maximumDelay > 0 then
  function delay() return math.random(maximumDelay) end
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), failed.connect + failed.read + failed.write + failed.status + failed.timeout))
end
