// Servers that run beside us. They take what they do not know, want no key unless told to, and speak plain http.
#include "adapters/providers/tables.hpp"

#include <array>

namespace spillway::adapters {

namespace {

constexpr std::array<provider_row, 8> table{{
    {
        .name = "ollama",
        .display_name = "Ollama",
        .base_url = "http://127.0.0.1:11434/v1",
        .base_url_variable = "OLLAMA_HOST",
        .auth = auth_style::none,
        .serves = {operation::completions, operation::embeddings},
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
        .serves = {operation::completions, operation::embeddings, operation::rerank},
        .is_local = true,
        .thought_member = "reasoning",
        .remark = "errors flat before 0.10, nested since; error event in mid-stream",
    },
    {
        .name = "llamacpp",
        .display_name = "llama.cpp",
        .base_url = "http://127.0.0.1:8080/v1",
        .auth = auth_style::none,
        .serves = {operation::completions, operation::embeddings, operation::rerank},
        .is_local = true,
        .thought_member = "reasoning_content",
        .remark = "503 while loading; exceed_context_size_error",
    },
    {
        .name = "lmstudio",
        .display_name = "LM Studio",
        .base_url = "http://127.0.0.1:1234/v1",
        .auth = auth_style::none,
        .serves = {operation::completions, operation::embeddings},
        .is_local = true,
        .remark = "error may be a bare text",
    },
    {
        .name = "sglang",
        .display_name = "SGLang",
        .base_url = "http://127.0.0.1:30000/v1",
        .auth = auth_style::none,
        .is_local = true,
        .thought_member = "reasoning_content",
        .remark = "flat errors; reasoning_tokens flat in usage; tool fragments may lack an index",
    },
    {
        .name = "tgi",
        .display_name = "Text Generation Inference",
        .base_url = "http://127.0.0.1:3000/v1",
        .auth = auth_style::none,
        .is_local = true,
        .remark =
            "{error, error_type}; each tool fragment repeats id and type; 424 for a failed run",
    },
    {
        .name = "localai",
        .display_name = "LocalAI",
        .base_url = "http://127.0.0.1:8080/v1",
        .auth = auth_style::none,
        .is_local = true,
        .thought_member = "reasoning",
        .remark = "error code is the status",
    },
    {
        .name = "mistralrs",
        .display_name = "mistral.rs",
        .base_url = "http://127.0.0.1:1234/v1",
        .auth = auth_style::none,
        .is_local = true,
        .thought_member = "reasoning_content",
        .remark = "usage on the finish chunk, with its speeds",
    },
}};

}  // namespace

std::span<const provider_row> local_rows() noexcept {
    return table;
}

}  // namespace spillway::adapters
