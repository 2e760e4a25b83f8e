// Messages of application/vnd.amazon.eventstream: length and header length, their CRC, text headers, payload,
// CRC of everything before it. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace spillway::bench::sim {

std::string frame_aws_event(std::string_view type, std::string_view payload);
std::string frame_aws_exception(std::string_view type, std::string_view payload);

}  // namespace spillway::bench::sim
