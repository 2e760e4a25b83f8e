// Help made from the flag table, at most 100 columns wide, and the same table as Markdown for the README.
#pragma once

#include <string>
#include <string_view>

namespace spillway {

// Everything in brief for an empty topic, one group or one flag in full; for an unknown topic, the topics.
std::string render_help(std::string_view topic);

// Does render_help know this topic?
bool is_help_topic(std::string_view topic);

// "| flag | default | meaning |" with a row a flag, in the order of the table.
std::string render_flag_table_markdown();

}  // namespace spillway
