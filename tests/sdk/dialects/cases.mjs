// What every client is asked, towards providers of every protocol, in a shape that a client's own file says in that
// client's words. The models are those of models.json, "word.protocol".
//
// A client's file exports `name`, `connect(base, key)` and, where a case cannot work, `cannot` (case → reason). What
// connect() gives:
//   ask(question)      the whole answer: {text, thoughts, calls: [{id, name, input}], finish, usage: {input, output}, turn}
//   stream(question)   the same, and `pieces`: how many fragments the text came in; calls question.heard() at each
//   again(turn, calls) the question's `loop` part: an answer's turn and the results of its calls, in the client's words
//   count(model), models()        where the client has them; asksForThoughts: it is shown none unless it asks
//   errors                        status → whether an error is the client's type for it; `stream`, `abort` likewise
import assert from 'node:assert/strict';

export const text = 'Hello, wörld 漢字 😀';
export const longText = 'Ünïcödé 漢字 ह 😀🏁 '.repeat(200);
export const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
export const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const patience = 10_000;

const both = (check) => async (client, model, more) => {
    for (const way of ['ask', 'stream']) await check((question) => client[way]({ model, ...question }), client, more);
};

function assertCalls(answer) {
    assert.deepEqual(answer.calls.map(({ name, input }) => ({ name, input })), Array(2).fill({ name: 'weather', input: { city: 'value' } }));
    assert.equal(new Set(answer.calls.map((call) => call.id)).size, 2, 'two calls, one id');
    assert.equal(answer.finish, 'calls');
}

function assertUsage(usage) {
    assert.ok(usage.input > 0 && usage.output > 0, JSON.stringify(usage));
}

async function refuses(promise, isRight) {
    try {
        await promise;
    } catch (error) {
        assert.ok(isRight(error), `${error?.constructor?.name}: ${error?.status ?? error?.statusCode} ${error?.message}`);
        return;
    }
    assert.fail('no error came');
}

const refusal = (status) => async (client, model) => {
    for (const way of ['ask', 'stream']) await refuses(client[way]({ model, text }), client.errors[status]);
};

// The heart of each: (client, model) → nothing, or it throws. `word` names the model, `cannot` the protocols that have
// no form for it, with the reason; `needs` what a client must have.
export const cases = [
    {
        name: 'a whole answer', word: 'text',
        run: async (client, model) => {
            const answer = await client.ask({ model, text });
            assert.ok(answer.text.startsWith(`Echo: ${text}`), answer.text);
            assert.equal(answer.finish, 'stop');
            assertUsage(answer.usage);
        },
    },
    {
        name: 'a stream says what the whole answer says', word: 'text',
        run: async (client, model) => {
            const [whole, streamed] = [await client.ask({ model, text }), await client.stream({ model, text })];
            assert.equal(streamed.text, whole.text);
            assert.ok(streamed.pieces > 1, `${streamed.pieces} pieces`);
            assert.equal(streamed.finish, 'stop');
            assert.deepEqual(streamed.usage, whole.usage);
        },
    },
    {
        name: 'a long stream of characters of two to four octets', word: 'long',
        run: async (client, model) =>
            assert.equal((await client.stream({ model, text: longText })).text.trimEnd(), `Echo: ${longText}`.trimEnd()),
    },
    { name: 'parallel calls', word: 'calls', run: async (client, model) => assertCalls(await client.ask({ model, text, tools: true })) },
    {
        name: 'parallel calls in a stream', word: 'calls',
        run: async (client, model) => assertCalls(await client.stream({ model, text, tools: true })),
    },
    {
        name: 'a loop of tools', word: 'calls',
        run: both(async (ask, client) => {
            const first = await ask({ text, tools: true });
            assertCalls(first);
            const last = await ask({ text, tools: true, loop: client.again(first.turn, first.calls) });
            assert.equal(last.finish, 'stop');
            assert.ok(last.text.startsWith('Echo:'), last.text);
        }),
    },
    {
        name: 'a loop of tools with reasoning', word: 'think',
        run: both(async (ask, client) => {
            const question = { text, tools: true, thinks: true };
            const first = await ask(question);
            assertCalls(first);
            assert.match(first.thoughts, /The user wrote/);
            const last = await ask({ ...question, loop: client.again(first.turn, first.calls) });
            assert.equal(last.finish, 'stop');
        }),
    },
    {
        name: 'thoughts that nobody asked for', word: 'think', needs: 'asksForThoughts',
        run: both(async (ask) => {
            const answer = await ask({ text });
            assert.equal(answer.thoughts, '');
            assert.ok(answer.text.startsWith('Echo:'), answer.text);
        }),
    },
    {
        name: 'structured output', word: 'schema',
        run: both(async (ask) => {
            const answer = await ask({ text, schema: city });
            assert.deepEqual(Object.keys(JSON.parse(answer.text)), ['city']);
            assert.equal(answer.finish, 'stop');
        }),
    },
    { name: 'an image', word: 'long', run: both(async (ask) => assert.match((await ask({ text, image: true })).text, /1 image\(s\) seen/)) },
    {
        name: 'a stop sequence', word: 'long', cannot: { responses: 'Responses has none' },
        run: both(async (ask) => {
            const answer = await ask({ text, stop: 'wörld' });
            assert.equal(answer.text.trimEnd(), 'Echo: Hello,');
            assert.equal(answer.finish, 'stop');
        }),
    },
    {
        name: 'an answer that is cut at its limit', word: 'long',
        run: both(async (ask) => assert.equal((await ask({ text: longText, limit: 20 })).finish, 'length')),
    },
    {
        name: 'leaving a stream ends the exchange with the provider', word: 'stall',
        run: async (client, model, { aborted }) => {
            const before = await aborted();
            const leaving = new AbortController();
            const heard = () => leaving.abort();
            await refuses(client.stream({ model, text: longText, signal: leaving.signal, heard }), client.errors.abort);
            const until = Date.now() + patience;
            while ((await aborted()) === before) assert.ok(Date.now() < until, 'the provider never saw the client leave');
        },
    },
    { name: 'the provider refuses', word: '400', run: refusal(400) },
    { name: 'the provider is out of quota', word: '429', run: refusal(429) },
    { name: 'the provider fails', word: '500', run: refusal(500) },
    { name: 'the provider is overloaded', word: '503', run: refusal(503) },
    {
        name: 'an error as the first event', word: 'error-first',
        run: async (client, model) => refuses(client.stream({ model, text }), client.errors.first ?? client.errors[500]),
    },
    {
        name: 'an error in the middle of a stream', word: 'error-mid',
        run: async (client, model) => refuses(client.stream({ model, text: longText }), client.errors.stream),
    },
    {
        name: 'a stream that is cut', word: 'cut',
        run: async (client, model) => refuses(client.stream({ model, text: longText }), client.errors.stream),
    },
    {
        name: 'counting tokens', word: 'text', needs: 'count',
        run: async (client, model) => assert.ok((await client.count(model)) > 3),
    },
];

// Once a client, not once a protocol.
export const general = [
    { name: 'a wrong key', run: async (client, { stranger }) => refuses(stranger.ask({ model: 'text.chat', text }), client.errors[401]) },
    { name: 'an unknown model', run: async (client) => refuses(client.ask({ model: 'nobody/absent', text }), client.errors[404]) },
    {
        name: 'a request that the gateway refuses', needs: 'wrong',
        run: async (client) => refuses(client.wrong('text.chat'), client.errors[400]),
    },
    { name: 'the list of models', needs: 'models', run: async (client) => assert.ok((await client.models()).includes('text.chat')) },
];
