// OpenRouter's client, Responses. It checks each answer and event against OpenRouter's schema.
import { city, pixel } from './cases.mjs';
import { connectTo, errors, StreamError } from './openrouter_errors.mjs';

export const name = '@openrouter/sdk, responses';
export const cannot = { 'a stop sequence': 'Responses has none' };

function request({ model, text, tools, thinks, schema, image, limit, loop = [] }) {
    const content = [{ type: 'input_text', text }];
    if (image) content.push({ type: 'input_image', imageUrl: `data:image/png;base64,${pixel}`, detail: 'auto' });
    return {
        model,
        input: [{ type: 'message', role: 'user', content }, ...loop],
        ...(tools && { tools: [{ type: 'function', name: 'weather', description: 'the weather', parameters: city, strict: true }] }),
        ...(thinks && { reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'] }),
        ...(schema && { text: { format: { type: 'json_schema', name: 'answer', strict: true, schema } } }),
        ...(limit && { maxOutputTokens: limit }),
    };
}

const finishOf = ({ status, incompleteDetails: why, output }) => {
    if (status === 'incomplete') return why.reason === 'max_output_tokens' ? 'length' : why.reason;
    if (status !== 'completed') return status;
    return output.some((item) => item.type === 'function_call') ? 'calls' : 'stop';
};

function read(response) {
    const items = (type) => response.output.filter((item) => item.type === type);
    const thoughts = items('reasoning').flatMap((item) => [...(item.summary ?? []), ...(item.content ?? [])]);
    return {
        text: items('message').flatMap((item) => item.content.map((part) => part.text)).join(''),
        thoughts: thoughts.map((part) => part.text).join(''),
        calls: items('function_call').map((item) => ({ id: item.callId, name: item.name, input: JSON.parse(item.arguments) })),
        finish: finishOf(response),
        usage: { input: response.usage.inputTokens, output: response.usage.outputTokens },
        turn: response.output,
    };
}

export function connect(url, apiKey) {
    const client = connectTo(url, apiKey);
    const send = (responsesRequest, options) => client.beta.responses.send({ responsesRequest }, options);
    return {
        ask: async (question) => read(await send(request(question))),
        async stream({ signal, heard = () => {}, ...question }) {
            let final, pieces = 0;
            for await (const event of await send({ ...request(question), stream: true }, { signal })) {
                if (event.type === 'error') throw new StreamError(event);
                if (event.type === 'response.failed') throw new StreamError(event.response.error);
                if (event.type === 'response.output_text.delta') heard(++pieces);
                if (event.type === 'response.completed' || event.type === 'response.incomplete') final = event.response;
            }
            return { ...read(final), pieces };
        },
        again: (turn, calls) => [...turn, ...calls.map(({ id }) => ({ type: 'function_call_output', callId: id, output: 'sunny' }))],
        errors,
    };
}
