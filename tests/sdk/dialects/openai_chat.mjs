// OpenAI's client, Chat Completions.
import { load } from './load.mjs';
import { city, pixel } from './cases.mjs';
import { errorsOf } from './openai_errors.mjs';

const { default: OpenAI } = load('openai');

export const name = 'openai, chat completions';
export const cannot = {
    'a loop of tools with reasoning': 'Chat Completions at /v1 has no place for thoughts that this client would bring back; see openrouter.mjs',
};

const finishes = { stop: 'stop', length: 'length', tool_calls: 'calls' };

export function request({ model, text, tools, schema, image, stop, limit, loop = [] }) {
    const content = image ? [{ type: 'text', text }, { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }] : text;
    return {
        model,
        messages: [{ role: 'user', content }, ...loop],
        ...(tools && { tools: [{ type: 'function', function: { name: 'weather', description: 'the weather', parameters: city } }] }),
        ...(schema && { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } } }),
        ...(stop && { stop: [stop] }),
        ...(limit && { max_completion_tokens: limit }),
    };
}

function read({ choices: [{ message, finish_reason: finish }], usage }) {
    return {
        text: message.content ?? '',
        calls: (message.tool_calls ?? []).map(({ id, function: called }) => ({ id, name: called.name, input: JSON.parse(called.arguments) })),
        finish: finishes[finish] ?? finish,
        usage: { input: usage.prompt_tokens, output: usage.completion_tokens },
        turn: message,
    };
}

export function connect(url, apiKey) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, timeout: 20_000 });
    return {
        ask: async (question) => read(await client.chat.completions.create(request(question))),
        async stream({ signal, heard = () => {}, ...question }) {
            const stream = client.chat.completions.stream({ ...request(question), stream_options: { include_usage: true } }, { signal });
            let pieces = 0;
            stream.on('content', () => heard(++pieces));
            return { ...read(await stream.finalChatCompletion()), pieces };
        },
        again: (turn, calls) => [turn, ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'sunny' }))],
        async models() {
            const ids = [];
            for await (const one of client.models.list()) ids.push(one.id);
            return ids;
        },
        wrong: (model) => client.chat.completions.create({ ...request({ model, text: 'x' }), temperature: 9 }),
        errors: errorsOf(OpenAI),
    };
}
