// Servers that run beside us. They take what they do not know, want no key unless told to, and speak plain http.
#include "adapters/providers/tables.hpp"

#include <array>

namespace spillway::adapters {

namespace {

constexpr std::array<provider_row, 4> table{{
    {
        .name = "ollama",
        .display_name = "Ollama",
        .base_url = "http://127.0.0.1:11434/v1",
        .base_url_variable = "OLLAMA_HOST",
        .auth = auth_style::none,
        .is_local = true,
        .takes_reasoning_object = true,
        .thought_member = "reasoning",
        .remark = "OLLAMA_HOST names the host, without /v1; tool calls come whole",
    },
    {
        .name = "vllm",
        .display_name = "vLLM",
        .base_url = "http://127.0.0.1:8000/v1",
        .auth = auth_style::none,
        .is_local = true,
        .thought_member = "reasoning",
        .remark = "errors flat before 0.10, nested since; error event in mid-stream",
    },
    {
        .name = "llamacpp",
        .display_name = "llama.cpp",
        .base_url = "http://127.0.0.1:8080/v1",
        .auth = auth_style::none,
        .is_local = true,
        .thought_member = "reasoning_content",
        .remark = "503 while loading; exceed_context_size_error",
    },
    {
        .name = "lmstudio",
        .display_name = "LM Studio",
        .base_url = "http://127.0.0.1:1234/v1",
        .auth = auth_style::none,
        .is_local = true,
        .remark = "error may be a bare text",
    },
}};

}  // namespace

std::span<const provider_row> local_rows() noexcept {
    return table;
}

}  // namespace spillway::adapters
