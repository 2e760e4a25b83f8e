// Anthropic's client.
import { load } from './load.mjs';
import { city, pixel } from './cases.mjs';

const { default: Anthropic } = load('@anthropic-ai/sdk');

export const name = '@anthropic-ai/sdk';
export const cannot = { 'thoughts that nobody asked for, messages': 'what a provider of its own protocol says is passed as it is' };

const finishes = { end_turn: 'stop', stop_sequence: 'stop', max_tokens: 'length', tool_use: 'calls' };
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } };

function request({ model, text, tools, thinks, schema, image: hasImage, stop, limit, loop = [] }) {
    const content = hasImage ? [{ type: 'text', text }, image] : text;
    return {
        model,
        max_tokens: limit ?? 60_000,
        messages: [{ role: 'user', content }, ...loop],
        ...(tools && { tools: [{ name: 'weather', description: 'the weather', input_schema: city }] }),
        ...(thinks && { thinking: { type: 'enabled', budget_tokens: 1024 } }),
        ...(schema && { output_config: { format: { type: 'json_schema', schema } } }),
        ...(stop && { stop_sequences: [stop] }),
    };
}

function read(message) {
    const joined = (type, member) => message.content.filter((one) => one.type === type).map((one) => one[member]).join('');
    return {
        text: joined('text', 'text'),
        thoughts: joined('thinking', 'thinking'),
        calls: message.content.filter((one) => one.type === 'tool_use'),
        finish: finishes[message.stop_reason] ?? message.stop_reason,
        usage: { input: message.usage.input_tokens, output: message.usage.output_tokens },
        turn: message.content,
    };
}

const isOf = (kind, ...types) => (error) =>
    error instanceof kind && types.includes(error.error?.error?.type) && error.error.request_id === error.requestID;

export function connect(url, apiKey) {
    const client = new Anthropic({ baseURL: url, apiKey, maxRetries: 0, timeout: 20_000 });
    return {
        asksForThoughts: true,
        ask: async (question) => read(await client.messages.create(request(question))),
        async stream({ signal, heard = () => {}, ...question }) {
            const stream = client.messages.stream(request(question), { signal });
            let pieces = 0;
            stream.on('text', () => heard(++pieces));
            return { ...read(await stream.finalMessage()), pieces };
        },
        again: (turn, calls) => [
            { role: 'assistant', content: turn },
            { role: 'user', content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'sunny' })) },
        ],
        count: async (model) => (await client.messages.countTokens(request({ model, text: 'Hello' }))).input_tokens,
        async models() {
            const ids = [];
            for await (const one of client.models.list()) ids.push(one.id);
            return ids;
        },
        wrong: (model) => client.messages.create({ ...request({ model, text: 'x' }), max_tokens: 'many' }),
        errors: {
            400: isOf(Anthropic.BadRequestError, 'invalid_request_error'),
            401: isOf(Anthropic.AuthenticationError, 'authentication_error'),
            404: isOf(Anthropic.NotFoundError, 'not_found_error'),
            429: isOf(Anthropic.RateLimitError, 'rate_limit_error'),
            500: isOf(Anthropic.InternalServerError, 'api_error'),
            503: isOf(Anthropic.InternalServerError, 'overloaded_error', 'api_error'),
            stream: (error) => error instanceof Anthropic.APIError && error.error?.error?.type?.endsWith('_error'),
            abort: (error) => error instanceof Anthropic.APIUserAbortError,
        },
    };
}
