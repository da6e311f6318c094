-- What wrk asks: of one of the paths, as one of the cookies, a range of so many bytes somewhere, or the whole with 0.
-- Arguments: the file's size, the range's length, then `path cookie` for each who asks.

local size, length, asks = 0, 0, {}

function init(args)
	size, length = tonumber(args[1]), tonumber(args[2])
	for i = 3, #args, 2 do
		asks[#asks + 1] = {
			path = args[i],
			headers = {
				['Cookie'] = args[i + 1],
				['Sec-Fetch-Dest'] = 'audio',
				['Sec-Fetch-Site'] = 'same-origin',
				['Sec-Fetch-Mode'] = 'no-cors'
			}
		}
	end
	math.randomseed(os.time())
end

function request()
	local ask = asks[math.random(#asks)]
	if length > 0 then
		local from = math.random(0, size - length)
		ask.headers['Range'] = 'bytes=' .. from .. '-' .. (from + length - 1)
	end
	return wrk.format('GET', ask.path, ask.headers)
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format(
		'\n{"requests":%d,"seconds":%f,"bytes":%d,"errors":%d,"medianMs":%f,"cpuSeconds":%f}\n',
		summary.requests, summary.duration / 1e6, summary.bytes,
		errors.connect + errors.read + errors.write + errors.status + errors.timeout,
		latency:percentile(50) / 1e3, os.clock()
	))
end
