// The official Node client against the gateway. run.py sets the environment; see README.md.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';

const require = createRequire(process.env.SPILLWAY_NODE_MODULES + '/');
const { default: OpenAI } = require('openai');

const url = process.env.SPILLWAY_URL;
const simulator = process.env.SPILLWAY_SIMULATOR_URL;
const isOpenRouter = url.endsWith('/api/v1');
const model = 'sim/echo';
const answering = isOpenRouter ? model : 'sim-echo'; // on /v1 an answer is the provider's, octet by octet
const deadline = 10_000;
const pixel =
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const hello = [{ role: 'user', content: 'Hello, wörld' }];

const clientWith = (apiKey) => new OpenAI({ baseURL: url, apiKey, maxRetries: 0, timeout: deadline });
const client = clientWith(process.env.SPILLWAY_CLIENT_KEY);
const chat = (more = {}) => client.chat.completions.create({ model, messages: hello, ...more });

function toolNamed(name, argument) {
    const parameters = {
        type: 'object',
        properties: { [argument]: { type: 'string' } },
        required: [argument],
        additionalProperties: false,
    };
    return { type: 'function', function: { name, parameters } };
}
const weather = toolNamed('weather', 'city');
const clock = toolNamed('clock', 'zone');

async function collect(stream) {
    const chunks = [];
    for await (const chunk of await stream) chunks.push(chunk);
    return chunks;
}

function assertUsage(usage) {
    assert.ok(usage.prompt_tokens > 0);
    assert.ok(usage.completion_tokens > 0);
    assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
    if (isOpenRouter) assert.ok(usage.cost > 0);
}

const textOf = (chunks) => chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta.content ?? '')).join('');

describe('chat', () => {
    it('answers whole', async () => {
        const answer = await chat();
        assert.equal(answer.choices[0].message.content, 'Echo: Hello, wörld');
        assert.equal(answer.choices[0].finish_reason, 'stop');
        assert.equal(answer.model, answering);
        assertUsage(answer.usage);
    });

    it('streams the same text', async () => {
        const chunks = await collect(chat({ stream: true }));
        assert.equal(textOf(chunks), 'Echo: Hello, wörld');
        const reasons = chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.finish_reason)).filter(Boolean);
        // OpenRouter says it once more in the chunk that carries the usage.
        assert.deepEqual(reasons, isOpenRouter ? ['stop', 'stop'] : ['stop']);
    });

    it('ends a stream with the usage that was asked for', async () => {
        const chunks = await collect(chat({ stream: true, stream_options: { include_usage: true } }));
        assertUsage(chunks.at(-1).usage);
        assert.equal(chunks.filter((chunk) => chunk.usage).length, 1);
    });

    it('shows usage that was not asked for only where OpenRouter does', async () => {
        const chunks = await collect(chat({ stream: true }));
        if (isOpenRouter) {
            assertUsage(chunks.at(-1).usage);
        } else {
            assert.ok(chunks.every((chunk) => !chunk.usage && chunk.choices.length > 0));
        }
    });

    it('runs the stream helper to its end', async () => {
        const final = await client.chat.completions.stream({ model, messages: hello }).finalChatCompletion();
        assert.equal(final.choices[0].message.content, 'Echo: Hello, wörld');
    });

    it('sees an image in a data URL', async () => {
        const content = [{ type: 'text', text: 'Look' }, { type: 'image_url', image_url: { url: pixel } }];
        const answer = await chat({ messages: [{ role: 'user', content }] });
        assert.match(answer.choices[0].message.content, /1 image\(s\) seen/);
    });

    it('carries log probabilities', async () => {
        const { content } = (await chat({ logprobs: true, top_logprobs: 2 })).choices[0].logprobs;
        assert.equal(content.map((entry) => entry.token).join(''), 'Echo: Hello, wörld');
        assert.ok(content.every((entry) => entry.top_logprobs.length === 2));
    });

    it('answers in a JSON schema', async () => {
        const schema = {
            type: 'object',
            properties: { city: { type: 'string' }, degrees: { type: 'number' } },
            required: ['city', 'degrees'],
            additionalProperties: false,
        };
        const format = { type: 'json_schema', json_schema: { name: 'weather', strict: true, schema } };
        const said = JSON.parse((await chat({ response_format: format })).choices[0].message.content);
        assert.deepEqual(Object.keys(said).sort(), ['city', 'degrees']);
    });
});

describe('tools', () => {
    const namesOf = (calls) => {
        for (const call of calls) assert.equal(typeof JSON.parse(call.function.arguments), 'object');
        assert.equal(new Set(calls.map((call) => call.id)).size, calls.length);
        return calls.map((call) => call.function.name);
    };
    const streamed = async (tools) => {
        const final = await client.chat.completions.stream({ model, messages: hello, tools }).finalChatCompletion();
        return namesOf(final.choices[0].message.tool_calls);
    };

    it('are called, and take a result', async () => {
        const [first] = (await chat({ tools: [weather] })).choices;
        assert.equal(first.finish_reason, 'tool_calls');
        assert.deepEqual(namesOf(first.message.tool_calls), ['weather']);
        const result = { role: 'tool', tool_call_id: first.message.tool_calls[0].id, content: 'sunny' };
        const after = await chat({ tools: [weather], messages: [...hello, first.message, result] });
        assert.equal(after.choices[0].finish_reason, 'stop');
    });
    it('are called in parallel', async () => {
        const answer = await chat({ tools: [weather, clock] });
        assert.deepEqual(namesOf(answer.choices[0].message.tool_calls), ['weather', 'clock']);
    });
    it('are called in a stream', async () => assert.deepEqual(await streamed([weather]), ['weather']));
    it('are called in parallel in a stream', async () =>
        assert.deepEqual(await streamed([weather, clock]), ['weather', 'clock']));
});

describe('other operations', () => {
    it('list models', async () => {
        const ids = [];
        for await (const entry of client.models.list()) ids.push(entry.id);
        assert.ok(ids.includes(model));
    });

    it('embed the same in both encodings', async () => {
        const vectors = async (more) => {
            const answer = await client.embeddings.create({ model: 'sim/embedding', input: ['one', 'two'], ...more });
            return answer.data.map((entry) => entry.embedding);
        };
        const [packed, plain] = [await vectors({}), await vectors({ encoding_format: 'float' })];
        assert.equal(packed.length, 2);
        packed.forEach((vector, at) => {
            assert.equal(vector.length, plain[at].length);
            vector.forEach((value, index) => assert.ok(Math.abs(value - plain[at][index]) < 1e-5));
        });
    });

    it('complete a prompt', async () => {
        const answer = await client.completions.create({ model, prompt: 'Once upon' });
        assert.match(answer.choices[0].text, /Once upon/);
        const chunks = await collect(client.completions.create({ model, prompt: 'Once upon', stream: true }));
        assert.match(chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.text)).join(''), /Once upon/);
    });
});

describe('faults', () => {
    const refuses = (kind, status, more, from = client) =>
        assert.rejects(from.chat.completions.create({ model, messages: hello, ...more }), (error) => {
            assert.ok(error instanceof kind, `${error.constructor.name}: ${error.message}`);
            assert.equal(error.status, status);
            assert.ok(error.error.message);
            return true;
        });

    it('400 is a bad request', () => refuses(OpenAI.BadRequestError, 400, { temperature: 9 }));
    it('401 is an authentication error', () =>
        refuses(OpenAI.AuthenticationError, 401, {}, clientWith('not-a-key')));
    it('an unknown model is refused', () =>
        isOpenRouter
            ? refuses(OpenAI.BadRequestError, 400, { model: 'nobody/absent' })
            : refuses(OpenAI.NotFoundError, 404, { model: 'nobody/absent' }));
    it('404 is not found', () => refuses(OpenAI.NotFoundError, 404, { model: 'sim/fault-404' }));
    it('429 is a rate limit', () => refuses(OpenAI.RateLimitError, 429, { model: 'sim/fault-429' }));
    for (const status of [500, 502, 503]) {
        it(`${status} is a server error`, () =>
            refuses(OpenAI.InternalServerError, status, { model: `sim/fault-${status}` }));
    }
    for (const fault of ['cut-event', 'cut-chunk', 'rst-mid', 'error-mid-stream']) {
        it(`a stream broken by ${fault} never ends cleanly`, () =>
            assert.rejects(collect(chat({ model: `sim/fault-${fault}`, stream: true })), OpenAI.APIError));
    }

    it('leaving a stream ends the exchange with the provider', async () => {
        const aborted = async () => (await (await fetch(simulator + '/sim/stats')).json()).aborted;
        const before = await aborted();
        const stream = await chat({ model: 'sim/fault-stall-mid', stream: true });
        for await (const _ of stream) break;
        const until = Date.now() + deadline;
        while ((await aborted()) === before) assert.ok(Date.now() < until, 'the provider never saw the client leave');
    });
});
