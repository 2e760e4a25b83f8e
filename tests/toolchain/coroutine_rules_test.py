#!/usr/bin/env python3
"""The lint itself: what it must find, by rule, and what it must leave alone."""
import unittest

from coroutine_rules import findings_in

BAD = {
    "braced_temporary": (1, "task<> f() { co_await pool.lease(lease_order{ep, t}); }"),
    "bare_braces": (1, "task<> f() { co_await pool.lease({ep, t}); }"),
    "designated_over_several_lines": (1, "task<> f() {\n  co_await pool.lease(\n    {.where = ep,\n     .until = t});\n}"),
    "empty_braces": (1, "task<> f() { co_await take({}); }"),
    "braces_in_a_return": (1, "task<int> f() { co_return co_await take(point{1}); }"),
    "braces_in_a_condition": (1, "task<> f() { if (auto got = co_await take({1}); got) { g(); } }"),
    "braces_after_a_loop_head": (1, "task<> f() { for (int i{0}; i < 3; ++i) co_await take({i}); }"),
    "aggregate_from_await": (1, "task<> f() { point p{co_await x(), 1}; }"),
    "initializer_list": (1, "task<> f() { auto v = std::vector<int>{1, 2}, n = co_await g(); }"),
    "braces_inside_a_macro_argument": (1, "task<> f() { BOOST_TEST(co_await g() == point{1}); }"),
    "comment_in_the_middle": (1, "task<> f() { co_await /* why { */ take( // not }\n   order{1}); }"),
    "capture_by_value": (2, "task<> f() { co_await on_loop([k = key] { drop(k); }); }"),
    "capture_all_by_value": (2, "task<> f() { co_await on_loop([=] { drop(k); }); }"),
    "second_capture_by_value": (2, "task<> f() { co_await on_loop([&a, b] { drop(a, b); }); }"),
    "capture_beside_an_await": (2, "task<> f() { spawn(co_await executor(), [x] { use(x); }); }"),
    "conditional_awaits": (4, "task<> f() { auto r = c ? co_await a() : co_await b(); }"),
    "conditional_argument": (4, "task<> f() { co_await take(c ? one() : two()); }"),
    "conditional_on_an_await": (4, "task<> f() { auto r = (co_await ok()) ? one() : two(); }"),
    "capturing_coroutine": (6, "void f() { auto g = [x]() -> task<> { co_await h(x); }; }"),
    "capturing_coroutine_by_reference": (6, "void f() { auto g = [&]() -> task<> { co_return; }; }"),
    "capturing_coroutine_in_a_call": (6, "void f() { run(1, [this]() -> task<> { if (a) { co_return; } }); }"),
    "generic_capturing_coroutine": (6, "void f() { auto g = [x]<class A, class B>(A a, B b) -> task<> { co_return; }; }"),
    "detached": (0, "void f() { asio::co_spawn(ex, g(), asio::detached); }"),
    "after_a_constructor": (1, "struct s { s(int a) : x_{a}, y_{2} { g(); } task<> f() { co_await t({1}); } };"),
    "inside_a_constructor": (6, "struct s { s(int a) : x_{a} { g([this] { co_return; }); } };"),
    "inside_a_nested_lambda": (1, "void f() { auto g = [] { auto h = []() -> task<> { co_await t({1}); }; }; }"),
    "after_a_raw_string": (1, 'task<> f() { auto s = R"x(co_await {)x"; co_await t({1}); }'),
    "under_a_label": (1, "task<> f() { switch (a) { case 1: { co_await t({1}); break; } } }"),
    "in_a_template": (1, "template <class T>\ntask<T> f(T x)\n{ co_await g(y{x}); }"),
}

GOOD = {
    "named_and_moved": "task<> f() { lease_order order{ep, t}; co_await pool.lease(std::move(order)); }",
    "named_lambda": "task<> f() { auto drop_key = [k = key] { drop(k); }; co_await on_loop(std::move(drop_key)); }",
    "reference_captures": "task<> f() { co_await on_loop([&, this, &x, p = &y] { drop(x, p); }); }",
    "no_captures": "task<> f() { co_await on_loop([] { drop(); }); }",
    "coroutine_without_captures": "void f() { auto g = [](int n) -> task<> { co_await h(n); }; }",
    "structured_binding": "task<> f() { auto [ec, n] = co_await s.async_read_some(b); const auto& [a, c] = *p; }",
    "await_under_if": "task<> f() { if (c) { r = co_await a(); } else { r = co_await b(); } }",
    "braces_before_and_after": "task<> f() { point p{1}; co_await g(p); auto q = point{2}; }",
    "braces_in_the_statement_under_a_head": "task<> f() { if (co_await g()) point p{1}; while (x) { y z{1}; } }",
    "safe_braced": "task<> f() { co_await nap(std::chrono::seconds{5}); co_await g(std::size_t{0}, string_view{a}); }",
    "text_and_comments": 'task<> f() { co_await g("{ ? [x] {"); // co_await g({});\n /* co_await\n h({}) */ k(\'{\'); }',
    "raw_string": 'task<> f() { co_await g(R"({"a": [1, {"b": "?"}]})"); }',
    "digit_separators": "task<> f() { co_await g(1'000'000); point p{2}; }",
    "preprocessor": "#define X(a) co_await g({a}) \\\n  + co_await h({a})\ntask<> f() { co_return; }",
    "conditional_without_await": "task<> f() { auto r = c ? one() : two(); co_await g(r); }",
    "attribute": "[[nodiscard]] task<> f() { [[maybe_unused]] auto x = co_await g(); co_await h(a[i], b[j]); }",
    "return_of_a_braced_value": "task<point> f() { auto x = co_await g(); co_return point{x, 1}; }",
    "capturing_lambda_that_is_no_coroutine": "void f() { auto g = [x] { return h(x); }; auto t = [y]() -> task<> { return k(y); }; }",
    "capturing_lambda_around_a_coroutine": "void f() { g([&] { auto t = [](int n) -> task<> { co_await h(n); }; t(1); }); }",
    "detached_of_another_kind": "void f() { state = link::detached; bool detached = true; }",
    "await_inside_a_lambda_in_braces": "void f() { table t{1, [](int n) -> task<> { co_await h(n); }}; }",
}


class CoroutineRules(unittest.TestCase):
    def test_finds_every_bad_form(self):
        for name, (rule, source) in BAD.items():
            with self.subTest(name):
                self.assertIn(rule, [finding.rule for finding in findings_in(source)])

    def test_leaves_every_good_form_alone(self):
        for name, source in GOOD.items():
            with self.subTest(name):
                self.assertEqual([], findings_in(source))

    def test_names_the_line(self):
        source = "// one\n/* two\n three */\ntask<> f() {\n  co_await g(\n    {1});\n}\n"
        self.assertEqual([6], [finding.line for finding in findings_in(source)])


if __name__ == "__main__":
    unittest.main()
