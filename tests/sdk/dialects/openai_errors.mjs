// The types of OpenAI's client for what can go wrong, whichever of its two languages it speaks.
export function errorsOf(OpenAI) {
    const isOf = (kind, ...statuses) => (error) => error instanceof kind && statuses.includes(error.status) && error.error?.message?.length > 0;
    return {
        400: isOf(OpenAI.BadRequestError, 400),
        401: isOf(OpenAI.AuthenticationError, 401),
        404: isOf(OpenAI.NotFoundError, 404),
        429: isOf(OpenAI.RateLimitError, 429),
        500: isOf(OpenAI.InternalServerError, 500, 502),
        503: isOf(OpenAI.InternalServerError, 503),
        stream: (error) => error instanceof OpenAI.APIError && error.message.length > 0,
        abort: (error) => error instanceof OpenAI.APIUserAbortError,
    };
}
