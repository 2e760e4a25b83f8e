// Vercel's AI SDK with OpenRouter's provider for it.
import { load } from './load.mjs';
import { city, pixel } from './cases.mjs';

const { APICallError, generateText, jsonSchema, Output, streamText, tool } = load('ai');
const { createOpenRouter } = load('@openrouter/ai-sdk-provider');

export const name = 'ai with @openrouter/ai-sdk-provider';

const finishes = { 'tool-calls': 'calls' };

function request(model, { text, tools, thinks, schema, image, stop, limit, loop = [], signal }) {
    const content = image ? [{ type: 'text', text }, { type: 'image', image: pixel, mediaType: 'image/png' }] : text;
    return {
        model,
        messages: [{ role: 'user', content }, ...loop],
        maxRetries: 0,
        ...(tools && { tools: { weather: tool({ description: 'the weather', inputSchema: jsonSchema(city) }) } }),
        ...(thinks && { providerOptions: { openrouter: { reasoning: { effort: 'low' } } } }),
        ...(schema && { output: Output.object({ schema: jsonSchema(schema) }) }),
        ...(stop && { stopSequences: [stop] }),
        ...(limit && { maxOutputTokens: limit }),
        ...(signal && { abortSignal: signal }),
    };
}

const read = ({ text, reasoningText, toolCalls, finishReason, usage, response }) => ({
    text,
    thoughts: reasoningText ?? '',
    calls: toolCalls.map(({ toolCallId: id, toolName, input }) => ({ id, name: toolName, input })),
    finish: finishes[finishReason] ?? finishReason,
    usage: { input: usage.inputTokens, output: usage.outputTokens },
    turn: response.messages,
});

const isOf = (...statuses) => (error) => APICallError.isInstance(error) && statuses.includes(error.statusCode) && error.message.length > 0;

// An error event comes as what it holds.
const isStreamError = ({ code, message, metadata }) => [500, 502].includes(code) && message.length > 0 && metadata.error_type !== undefined;

export function connect(url, apiKey) {
    const provider = createOpenRouter({ baseURL: `${url}/api/v1`, apiKey });
    const said = (question) => request(provider.chat(question.model, { usage: { include: true } }), question);
    return {
        ask: async (question) => read(await generateText(said(question))),
        async stream({ heard = () => {}, ...question }) {
            const result = streamText({ ...said(question), onError: () => {} });
            let pieces = 0;
            for await (const part of result.fullStream) {
                if (part.type === 'error') throw part.error;
                if (part.type === 'abort') throw new DOMException('left', 'AbortError');
                if (part.type === 'text-delta') heard(++pieces);
            }
            const [text, reasoningText, toolCalls, finishReason, usage, response] = await Promise.all([
                result.text, result.reasoningText, result.toolCalls, result.finishReason, result.usage, result.response,
            ]);
            return { ...read({ text, reasoningText, toolCalls, finishReason, usage, response }), pieces };
        },
        again: (turn, calls) => [
            ...turn,
            {
                role: 'tool',
                content: calls.map(({ id, name: toolName }) => ({
                    type: 'tool-result', toolCallId: id, toolName, output: { type: 'text', value: 'sunny' },
                })),
            },
        ],
        errors: {
            400: isOf(400),
            401: isOf(401),
            404: isOf(404, 400),
            429: isOf(429),
            500: isOf(500, 502),
            503: isOf(503),
            first: isOf(500, 502),
            stream: isStreamError,
            abort: (error) => error.name === 'AbortError',
        },
    };
}
