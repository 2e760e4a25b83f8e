// Flag files: one flag a line, written as on the command line. `#` starts a comment at the start of a line
// or behind a blank; `@include FILE` reads another file, relative to the one it stands in. Everything behind
// the flag's name belongs to its value; a value that is one quoted string stands for what is inside.
#pragma once

#include "proxy/options/flags.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::settings {

struct named_file {
    std::string path;
    std::string where;  // who names it
};

// Follows double quotes through a text, one octet at a time.
class quote_state {
public:
    // Is this octet outside quotes? (The quotes themselves are inside.)
    bool step(char c) noexcept;

private:
    bool is_inside_ = false;
    bool is_escaped_ = false;
};

// Adds what the files say to `out`.
void read_flag_files(draft& d, const std::vector<named_file>& files, std::vector<setting>& out);

// "--name value" as a flag file reads it back.
std::string flag_line(std::string_view name, std::string_view value);

problem unknown_flag(std::string_view name);

}  // namespace spillway::settings
