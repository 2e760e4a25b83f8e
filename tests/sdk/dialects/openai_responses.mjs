// OpenAI's client, Responses.
import { load } from './load.mjs';
import { city, pixel } from './cases.mjs';
import { errorsOf } from './openai_errors.mjs';

const { default: OpenAI } = load('openai');

export const name = 'openai, responses';
export const cannot = { 'a stop sequence': 'Responses has none' };

const weather = { type: 'function', name: 'weather', description: 'the weather', parameters: city, strict: true };

export function request({ model, text, tools, thinks, schema, image, limit, loop = [] }) {
    const content = [{ type: 'input_text', text }];
    if (image) content.push({ type: 'input_image', image_url: `data:image/png;base64,${pixel}`, detail: 'auto' });
    return {
        model,
        input: [{ role: 'user', content }, ...loop],
        ...(tools && { tools: [weather] }),
        ...(thinks && { reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'], store: false }),
        ...(schema && { text: { format: { type: 'json_schema', name: 'answer', strict: true, schema } } }),
        ...(limit && { max_output_tokens: limit }),
    };
}

const finishOf = ({ status, incomplete_details: why, output }) => {
    if (status === 'incomplete') return why.reason === 'max_output_tokens' ? 'length' : why.reason;
    if (status !== 'completed') return status;
    return output.some((item) => item.type === 'function_call') ? 'calls' : 'stop';
};

function read(response) {
    const items = (type) => response.output.filter((item) => item.type === type);
    const thoughts = items('reasoning').flatMap((item) => [...item.summary, ...(item.content ?? [])]);
    return {
        text: response.output_text,
        thoughts: thoughts.map((part) => part.text).join(''),
        calls: items('function_call').map((item) => ({ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) })),
        finish: finishOf(response),
        usage: { input: response.usage.input_tokens, output: response.usage.output_tokens },
        turn: response.output,
    };
}

export function connect(url, apiKey) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, timeout: 20_000 });
    return {
        ask: async (question) => read(await client.responses.create(request(question))),
        async stream({ signal, heard = () => {}, ...question }) {
            const stream = client.responses.stream(request(question), { signal });
            let pieces = 0;
            stream.on('response.output_text.delta', () => heard(++pieces));
            const final = await stream.finalResponse();
            return { ...read(final), pieces };
        },
        again: (turn, calls) => [...turn, ...calls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: 'sunny' }))],
        wrong: (model) => client.responses.create({ ...request({ model, text: 'x' }), max_output_tokens: 'many' }),
        // Its stream gives up with the error event itself.
        errors: { ...errorsOf(OpenAI), stream: (error) => error.type === 'error' && error.message.length > 0 },
    };
}
