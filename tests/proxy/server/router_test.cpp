#include "proxy/server/router.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace spillway;
using adapters::face;
using adapters::operation;
using server::find_route;
using server::page;
using wire::method;

constexpr std::string_view posts = "POST, OPTIONS";
constexpr std::string_view gets = "GET, HEAD, OPTIONS";
constexpr method all_methods[] = {
    method::get,
    method::head,
    method::post,
    method::put,
    method::patch,
    method::delete_,
    method::options,
    method::connect,
    method::trace,
    method::other};

}  // namespace

BOOST_AUTO_TEST_SUITE(routers)

BOOST_AUTO_TEST_CASE(every_path_has_its_page_side_and_operation) {
    struct row {
        const char* path;
        server::page page;
        face side;
        operation what;
        const char* model;
    };
    const row rows[] = {
        {"/v1/chat/completions", page::ask, face::openai, operation::chat, ""},
        {"/api/v1/chat/completions", page::ask, face::openrouter, operation::chat, ""},
        {"/v1/completions", page::ask, face::openai, operation::completions, ""},
        {"/api/v1/completions", page::ask, face::openrouter, operation::completions, ""},
        {"/v1/embeddings", page::ask, face::openai, operation::embeddings, ""},
        {"/api/v1/embeddings", page::ask, face::openrouter, operation::embeddings, ""},
        {"/v1/rerank", page::ask, face::openai, operation::rerank, ""},
        {"/api/v1/rerank", page::ask, face::openrouter, operation::rerank, ""},
        {"/v2/rerank", page::ask, face::openai, operation::rerank, ""},
        {"/v2/embed", page::ask, face::openai, operation::embeddings, ""},
        {"/api/embed", page::ask, face::openai, operation::embeddings, ""},
        {"/api/embeddings", page::ask, face::openai, operation::embed_one, ""},
        {"/v1/moderations", page::ask, face::openai, operation::moderations, ""},
        {"/v1/images/generations", page::ask, face::openai, operation::images, ""},
        {"/v1/models", page::models, face::openai, operation::models, ""},
        {"/api/v1/models", page::models, face::openrouter, operation::models, ""},
        {"/v1/models/gpt-4o", page::model, face::openai, operation::models, "gpt-4o"},
        {"/api/v1/models/openai/gpt-4o:free",
         page::model,
         face::openrouter,
         operation::models,
         "openai/gpt-4o:free"},
    };
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(one.path) {
            const bool asks = one.page == page::ask;
            for (const method how : all_methods) {
                const server::route found = find_route(how, one.path);
                const bool fits =
                    asks ? how == method::post : how == method::get || how == method::head;
                const page expected = how == method::options ? page::preflight
                                      : fits                 ? one.page
                                                             : page::wrong_method;
                BOOST_TEST((found.page == expected));
                BOOST_TEST((found.asked.side == one.side));
                BOOST_TEST((found.asked.what == one.what));
                BOOST_TEST(found.asked.model == one.model);
                BOOST_TEST(found.allowed == (asks ? posts : gets));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_dialect_has_its_paths) {
    using adapters::delivery_asked;
    using adapters::protocol;
    using adapters::stream_form;
    struct row {
        const char* path;
        const char* query;
        protocol dialect;
        operation what;
        delivery_asked how;
        stream_form form;
        const char* model;
    };
    constexpr auto chat = operation::chat;
    constexpr auto count = operation::count_tokens;
    constexpr auto single = operation::embed_one;
    constexpr auto many = operation::embeddings;
    constexpr auto body = delivery_asked::in_body;
    constexpr auto whole = delivery_asked::whole;
    constexpr auto streamed = delivery_asked::streamed;
    constexpr auto usual = stream_form::usual;
    constexpr auto array = stream_form::array;
    const row rows[] = {
        {"/v1/messages", "beta=true", protocol::messages, chat, body, usual, ""},
        {"/api/v1/messages", "", protocol::messages, chat, body, usual, ""},
        {"/v1/v1/messages", "", protocol::messages, chat, body, usual, ""},
        {"/v1/messages/count_tokens", "", protocol::messages, count, body, usual, ""},
        {"/v1/responses", "", protocol::responses, chat, body, usual, ""},
        {"/api/v1/responses", "", protocol::responses, chat, body, usual, ""},
        {"/v2/chat", "", protocol::cohere, chat, body, usual, ""},
        {"/api/chat", "", protocol::ollama, chat, body, usual, ""},
        {"/v1beta/models/g-2:generateContent", "", protocol::gemini, chat, whole, usual, "g-2"},
        {"/v1/models/a/b:free:generateContent",
         "",
         protocol::gemini,
         chat,
         whole,
         usual,
         "a/b:free"},
        {"/v1beta/models/g:streamGenerateContent",
         "key=k&alt=sse",
         protocol::gemini,
         chat,
         streamed,
         usual,
         "g"},
        {"/v1beta/models/g:streamGenerateContent",
         "alt=json",
         protocol::gemini,
         chat,
         streamed,
         array,
         "g"},
        {"/v1beta/models/g:countTokens", "", protocol::gemini, count, whole, usual, "g"},
        {"/v1beta/models/g:embedContent", "", protocol::gemini, single, whole, usual, "g"},
        {"/v1beta/models/g:batchEmbedContents", "", protocol::gemini, many, whole, usual, "g"},
        {"/v1/projects/p/locations/l/publishers/google/models/g:generateContent",
         "",
         protocol::gemini,
         chat,
         whole,
         usual,
         "g"},
        {"/model/anthropic.claude-v1:0/converse",
         "",
         protocol::converse,
         chat,
         whole,
         usual,
         "anthropic.claude-v1:0"},
        {"/model/a/b/converse-stream", "", protocol::converse, chat, streamed, usual, "a/b"},
    };
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(one.path) {
            const server::route found = find_route(method::post, one.path, one.query);
            BOOST_TEST((found.page == page::ask));
            BOOST_TEST((found.asked.dialect == one.dialect));
            BOOST_TEST((found.asked.what == one.what));
            BOOST_TEST((found.asked.how == one.how));
            BOOST_TEST((found.asked.form == one.form));
            BOOST_TEST(found.asked.model == one.model);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_slash_of_a_model_may_be_spelled_as_an_escape) {
    std::string scratch;
    BOOST_TEST(
        server::with_model_slashes("/model/a%2Fb%3A0/converse", scratch) ==
        "/model/a/b%3A0/converse"
    );
    BOOST_TEST(
        server::with_model_slashes("/v1beta/models/a%2fb:x", scratch) == "/v1beta/models/a/b:x"
    );
    BOOST_TEST(server::with_model_slashes("/v1%2Fmessages", scratch) == "/v1%2Fmessages");
}

BOOST_AUTO_TEST_CASE(health_is_asked_with_get_or_head) {
    for (const auto& [path, is] :
         {std::pair{"/healthz", page::health}, std::pair{"/readyz", page::ready}}) {
        BOOST_TEST((find_route(method::get, path).page == is));
        BOOST_TEST((find_route(method::head, path).page == is));
        BOOST_TEST((find_route(method::post, path).page == page::wrong_method));
        BOOST_TEST(find_route(method::post, path).allowed == gets);
    }
}

BOOST_AUTO_TEST_CASE(everything_else_is_not_there) {
    for (const char* path :
         {"",
          "/v1",
          "/v1/",
          "/api/v1/",
          "/v2/models",
          "/V1/models",
          "/v1/models/",
          "/v1/modelsx",
          "/v1/chat/completions/",
          "/v1/chat",
          "/model/",
          "/model/a/invoke",
          "/model//converse",
          "/v1/v1/models",
          "/api/models",
          "/healthz/",
          "/metrics",
          "//v1/models",
          "v1/models"}) {
        for (const method how : all_methods)
            BOOST_TEST((find_route(how, path).page == page::not_found), path);
    }
}

BOOST_AUTO_TEST_SUITE_END()
