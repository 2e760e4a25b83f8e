// Google's client, as of the Gemini API.
import { load } from './load.mjs';
import { city, pixel } from './cases.mjs';

const { ApiError, GoogleGenAI } = load('@google/genai');

export const name = '@google/genai';
export const cannot = { 'thoughts that nobody asked for, gemini': 'what a provider of its own protocol says is passed as it is' };

const finishes = { STOP: 'stop', MAX_TOKENS: 'length' };

function request({ model, text, tools, thinks, schema, image, stop, limit, loop = [] }, signal) {
    const parts = [{ text }, ...(image ? [{ inlineData: { mimeType: 'image/png', data: pixel } }] : [])];
    const config = {
        ...(tools && { tools: [{ functionDeclarations: [{ name: 'weather', description: 'the weather', parametersJsonSchema: city }] }] }),
        ...(thinks && { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } }),
        ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
        ...(stop && { stopSequences: [stop] }),
        ...(limit && { maxOutputTokens: limit }),
        ...(signal && { abortSignal: signal }),
    };
    return { model, contents: [{ role: 'user', parts }, ...loop], config };
}

function read(parts, { finishReason }, usage) {
    const joined = (isThought) => parts.filter((one) => Boolean(one.thought) === isThought).map((one) => one.text ?? '').join('');
    const calls = parts.filter((one) => one.functionCall).map(({ functionCall: call }) => ({ ...call, input: call.args }));
    return {
        text: joined(false),
        thoughts: joined(true),
        calls,
        finish: calls.length && finishReason === 'STOP' ? 'calls' : (finishes[finishReason] ?? finishReason),
        usage: { input: usage.promptTokenCount, output: usage.candidatesTokenCount },
        turn: { role: 'model', parts: parts.filter((one) => one.text !== '' || one.thoughtSignature) },
    };
}

const isOf = (status) => (error) => error instanceof ApiError && error.status === status && JSON.parse(error.message).error.code === status;

export function connect(url, apiKey) {
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url, timeout: 20_000 } });
    return {
        asksForThoughts: true,
        async ask(question) {
            const answer = await client.models.generateContent(request(question));
            return read(answer.candidates[0].content.parts, answer.candidates[0], answer.usageMetadata);
        },
        async stream({ signal, heard = () => {}, ...question }) {
            const parts = [];
            let last, usage;
            for await (const chunk of await client.models.generateContentStream(request(question, signal))) {
                last = chunk.candidates?.[0] ?? last;
                usage = chunk.usageMetadata ?? usage;
                parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
                heard();
            }
            return { ...read(parts, last, usage), pieces: parts.length };
        },
        again: (turn, calls) => [
            turn,
            { role: 'user', parts: calls.map(({ id, name: called }) => ({ functionResponse: { id, name: called, response: { output: 'sunny' } } })) },
        ],
        count: async (model) => (await client.models.countTokens({ model, contents: 'Hello, world' })).totalTokens,
        async models() {
            const names = [];
            for await (const one of await client.models.list()) names.push(one.name.replace('models/', ''));
            return names;
        },
        wrong: (model) => client.models.generateContent({ model, contents: 'x', config: { temperature: 'warm' } }),
        errors: {
            400: isOf(400),
            401: isOf(401),
            404: isOf(404),
            429: isOf(429),
            500: (error) => isOf(500)(error) || isOf(502)(error),
            503: isOf(503),
            stream: (error) => error instanceof ApiError,
            abort: (error) => error.name === 'AbortError',
        },
    };
}
