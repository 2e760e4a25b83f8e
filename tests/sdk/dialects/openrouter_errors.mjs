// OpenRouter's client and its types for what can go wrong, whichever of its two languages it speaks.
import { loadModule } from './load.mjs';

const { OpenRouter } = await loadModule('@openrouter/sdk');
const kinds = await loadModule('@openrouter/sdk/models/errors');

// Its streams hand errors on as events.
export class StreamError extends Error {
    constructor(error) {
        super(error.message);
        this.code = error.code;
    }
}

const isOf = (kind, status) => (error) => error instanceof kind && error.statusCode === status && error.error?.message?.length > 0;
const isOneOf = (...checks) => (error) => checks.some((check) => check(error));

export const errors = {
    400: isOf(kinds.BadRequestResponseError, 400),
    401: isOf(kinds.UnauthorizedResponseError, 401),
    404: isOneOf(isOf(kinds.NotFoundResponseError, 404), isOf(kinds.BadRequestResponseError, 400)),
    429: isOf(kinds.TooManyRequestsResponseError, 429),
    500: isOneOf(isOf(kinds.InternalServerResponseError, 500), isOf(kinds.BadGatewayResponseError, 502)),
    503: isOf(kinds.ServiceUnavailableResponseError, 503),
    stream: (error) => error instanceof StreamError && error.message.length > 0 && error.code !== undefined,
    abort: (error) => error.name === 'RequestAbortedError' || error.name === 'AbortError',
};

export const connectTo = (url, apiKey) =>
    new OpenRouter({ apiKey, serverURL: `${url}/api/v1`, retryConfig: { strategy: 'none' }, timeoutMs: 20_000 });
