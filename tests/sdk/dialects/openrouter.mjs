// OpenRouter's client, Chat Completions. It checks each answer, event and error body against OpenRouter's schema.
import { city, pixel } from './cases.mjs';
import { connectTo, errors, StreamError } from './openrouter_errors.mjs';

export const name = '@openrouter/sdk, chat completions';

const finishes = { stop: 'stop', length: 'length', tool_calls: 'calls' };

function request({ model, text, tools, thinks, schema, image, stop, limit, loop = [] }) {
    const content = image ? [{ type: 'text', text }, { type: 'image_url', imageUrl: { url: `data:image/png;base64,${pixel}` } }] : text;
    return {
        model,
        messages: [{ role: 'user', content }, ...loop],
        ...(tools && { tools: [{ type: 'function', function: { name: 'weather', description: 'the weather', parameters: city } }] }),
        ...(thinks && { reasoning: { effort: 'low' } }),
        ...(schema && { responseFormat: { type: 'json_schema', jsonSchema: { name: 'answer', strict: true, schema } } }),
        ...(stop && { stop: [stop] }),
        ...(limit && { maxCompletionTokens: limit }),
    };
}

function read(message, finish, usage) {
    return {
        text: message.content ?? '',
        thoughts: message.reasoning ?? '',
        calls: (message.toolCalls ?? []).map(({ id, function: called }) => ({ id, name: called.name, input: JSON.parse(called.arguments) })),
        finish: finishes[finish] ?? finish,
        usage: { input: usage.promptTokens, output: usage.completionTokens },
        turn: message,
    };
}

// Details of one thought come in fragments under one index.
function addDetail(details, one) {
    const open = details.find((other) => other.index === one.index && other.type === one.type);
    if (!open) return void details.push({ ...one });
    for (const member of ['text', 'summary', 'data']) if (one[member]) open[member] = (open[member] ?? '') + one[member];
    if (one.signature) open.signature = one.signature;
}

function addCall(calls, { index, id, function: called = {} }) {
    const call = (calls[index] ??= { type: 'function', id: '', function: { name: '', arguments: '' } });
    call.id ||= id ?? '';
    call.function.name += called.name ?? '';
    call.function.arguments += called.arguments ?? '';
}

export function connect(url, apiKey) {
    const client = connectTo(url, apiKey);
    const send = (chatRequest, options) => client.chat.send({ chatRequest }, options);
    return {
        async ask(question) {
            const { choices: [choice], usage } = await send(request(question));
            return read(choice.message, choice.finishReason, usage);
        },
        async stream({ signal, heard = () => {}, ...question }) {
            const message = { role: 'assistant', content: '', reasoning: '', reasoningDetails: [], toolCalls: [] };
            let finish, usage, pieces = 0;
            for await (const chunk of await send({ ...request(question), stream: true }, { signal })) {
                if (chunk.error) throw new StreamError(chunk.error);
                usage = chunk.usage ?? usage;
                for (const { delta, finishReason } of chunk.choices) {
                    finish = finishReason ?? finish;
                    message.content += delta.content ?? '';
                    message.reasoning += delta.reasoning ?? '';
                    for (const one of delta.reasoningDetails ?? []) addDetail(message.reasoningDetails, one);
                    for (const one of delta.toolCalls ?? []) addCall(message.toolCalls, one);
                    if (delta.content) heard(++pieces);
                }
            }
            for (const member of ['reasoningDetails', 'toolCalls']) if (!message[member].length) delete message[member];
            return { ...read(message, finish, usage), pieces };
        },
        again: (turn, calls) => [turn, ...calls.map(({ id }) => ({ role: 'tool', toolCallId: id, content: 'sunny' }))],
        async models() {
            const page = await client.models.list();
            return page.result.data.map((one) => one.id);
        },
        wrong: (model) => send({ ...request({ model, text: 'x' }), temperature: 9 }),
        errors,
    };
}
