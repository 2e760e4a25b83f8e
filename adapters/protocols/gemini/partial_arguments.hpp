// The arguments of a call that Vertex streams piece by piece, each with the path of the value it belongs to, put
// together as one object. One call at a time; nothing is handed on before it is whole.
#pragma once

#include "adapters/json/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::adapters::gemini {

class partial_arguments {
public:
    // The elements of partialArgs.
    void take(json::value list);
    // The object as JSON text.
    [[nodiscard]] std::string take_object();

private:
    struct node {
        std::string name;  // of a member; empty in an array
        std::string text;  // of a scalar: its JSON, a string without its closing quote
        bool is_array = false;
        std::vector<node> inside;
    };

    void take_one(json::value piece);
    [[nodiscard]] node* find(std::string_view path);
    static void write(const node& one, std::string& out, std::size_t depth);

    node root_;
    std::size_t nodes_ = 0;
};

}  // namespace spillway::adapters::gemini
