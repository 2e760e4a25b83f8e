#!/usr/bin/env python3
"""Writes a tiny language model of the llama architecture with random weights: a real model file that says nonsense.

usage: make_model.py OUTPUT.gguf        needs the packages gguf and numpy
"""
import sys

import gguf
import numpy

LAYERS, WIDTH, HEADS, INNER, CONTEXT = 2, 64, 4, 128, 16384
# One turn a line; the answer's turn is left open.
TEMPLATE = ("{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}{% endfor %}"
            "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}")


def vocabulary():
    """(text, score, type) of each token: the three special ones, each octet, and common letters as words of their own."""
    tokens = [(b"<unk>", 0.0, gguf.TokenType.UNKNOWN), (b"<s>", 0.0, gguf.TokenType.CONTROL),
              (b"</s>", 0.0, gguf.TokenType.CONTROL)]
    tokens += [(b"<0x%02X>" % octet, 0.0, gguf.TokenType.BYTE) for octet in range(256)]
    letters = ["\u2581", *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?-"]
    tokens += [(letter.encode(), -1.0 - at, gguf.TokenType.NORMAL) for at, letter in enumerate(letters)]
    return tokens


def add_description(writer, tokens):
    writer.add_name("tiny random llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("llama")
    texts, scores, types = zip(*tokens)
    writer.add_token_list(list(texts))
    writer.add_token_scores(list(scores))
    writer.add_token_types(list(types))
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)


def is_readable(token):
    text, _, kind = token
    return kind == gguf.TokenType.NORMAL or (kind == gguf.TokenType.BYTE and 0x20 <= int(text[3:5], 16) < 0x7F)


def add_weights(writer, tokens):
    words = len(tokens)
    dice = numpy.random.default_rng(7)

    def add(name, *shape):
        writer.add_tensor(name, dice.normal(0, 0.4, shape).astype(numpy.float32))

    def add_ones(name):
        writer.add_tensor(name, numpy.ones(WIDTH, numpy.float32))

    add("token_embd.weight", words, WIDTH)
    for layer in range(LAYERS):
        at = f"blk.{layer}"
        add_ones(f"{at}.attn_norm.weight")
        for part in ("q", "k", "v", "output"):
            add(f"{at}.attn_{part}.weight", WIDTH, WIDTH)
        add_ones(f"{at}.ffn_norm.weight")
        add(f"{at}.ffn_gate.weight", INNER, WIDTH)
        add(f"{at}.ffn_up.weight", INNER, WIDTH)
        add(f"{at}.ffn_down.weight", WIDTH, INNER)
    add_ones("output_norm.weight")
    # What is not readable is never the likeliest: answers are text, and end at their limit.
    output = dice.normal(0, 0.4, (words, WIDTH)).astype(numpy.float32)
    output[[not is_readable(token) for token in tokens]] = 0
    writer.add_tensor("output.weight", output)


def main():
    writer = gguf.GGUFWriter(sys.argv[1], "llama")
    tokens = vocabulary()
    add_description(writer, tokens)
    add_weights(writer, tokens)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
