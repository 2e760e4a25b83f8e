// One client of Node's through the gateway, towards providers of every protocol: dialects/cases.mjs holds the cases,
// dialects/NAME.mjs how the client says them. run_dialects.py sets the environment; see README.md.
import { describe, it } from 'node:test';
import { cases, general } from './dialects/cases.mjs';

const { SPILLWAY_URL: url, SDK_CLIENT_KEY: key, SPILLWAY_SIMULATOR_URL: simulator } = process.env;
const protocols = process.env.SPILLWAY_PROTOCOLS.split(' ');
const client = await import(`./dialects/${process.env.SPILLWAY_CLIENT}.mjs`);

const tools = {
    aborted: async () => (await (await fetch(`${simulator}/sim/stats`)).json()).aborted,
    stranger: client.connect(url, 'not-a-key'),
};
const connected = client.connect(url, key);

// "case" or "case, protocol" → the reason why it cannot work.
const reasonNot = (one, protocol) => one.cannot?.[protocol] ?? client.cannot?.[`${one.name}, ${protocol}`] ?? client.cannot?.[one.name];
const isAsked = (one) => !one.needs || connected[one.needs];

describe(client.name, () => {
    for (const one of general.filter(isAsked)) {
        it(one.name, { skip: reasonNot(one) }, () => one.run(connected, tools));
    }
    for (const protocol of protocols) {
        describe(`towards ${protocol}`, () => {
            for (const one of cases.filter(isAsked)) {
                it(one.name, { skip: reasonNot(one, protocol), timeout: 20_000 }, () =>
                    one.run(connected, `${one.word}.${protocol}`, tools));
            }
        });
    }
});
