// LangChain's model for OpenAI, Chat Completions.
import { load } from './load.mjs';
import { city, pixel } from './cases.mjs';
import { errorsOf } from './openai_errors.mjs';

const { ChatOpenAI } = load('@langchain/openai');
const { HumanMessage, ToolMessage } = load('@langchain/core/messages');
const { default: OpenAI } = load('openai');

export const name = '@langchain/openai';
export const cannot = { 'a loop of tools with reasoning': 'its Chat Completions drop the thoughts of an answer' };

const finishes = { tool_calls: 'calls' };
const weather = { type: 'function', function: { name: 'weather', description: 'the weather', parameters: city } };

function messages({ text, image, loop = [] }) {
    const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } };
    return [new HumanMessage({ content: image ? [{ type: 'text', text }, picture] : text }), ...loop];
}

function read(message) {
    const finish = message.response_metadata.finish_reason;
    return {
        text: message.text,
        calls: message.tool_calls.map(({ id, name: called, args }) => ({ id, name: called, input: args })),
        finish: finishes[finish] ?? finish,
        usage: { input: message.usage_metadata.input_tokens, output: message.usage_metadata.output_tokens },
        turn: message,
    };
}

export function connect(url, apiKey) {
    const modelFor = ({ model, tools, schema, stop, limit, signal }) => {
        const chat = new ChatOpenAI({ model, apiKey, configuration: { baseURL: `${url}/v1` }, maxRetries: 0, timeout: 20_000, maxTokens: limit });
        return chat.withConfig({
            ...(tools && { tools: [weather] }),
            ...(schema && { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } } }),
            ...(stop && { stop: [stop] }),
            ...(signal && { signal }),
        });
    };
    return {
        ask: async (question) => read(await modelFor(question).invoke(messages(question))),
        async stream({ heard = () => {}, ...question }) {
            let whole, pieces = 0;
            for await (const chunk of await modelFor(question).stream(messages(question))) {
                whole = whole ? whole.concat(chunk) : chunk;
                if (chunk.text) heard(++pieces);
            }
            return { ...read(whole), pieces };
        },
        again: (turn, calls) => [turn, ...calls.map(({ id }) => new ToolMessage({ tool_call_id: id, content: 'sunny' }))],
        errors: { ...errorsOf(OpenAI), abort: (error) => error.name === 'AbortError' },
    };
}
