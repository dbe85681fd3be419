/** The token is not valid, or was revoked. Answer 401 with these headers (RFC 6750, section 3). */
export declare class InvalidToken extends Error {
    name: string;
    status: number;
    headers: {
        'WWW-Authenticate': string;
    };
}
/** The token cannot be judged now, because Roster cannot be heard; `cause` may say why. Answer 503 with these headers. */
export declare class Unavailable extends Error {
    name: string;
    status: number;
    headers: {
        'Retry-After': string;
    };
}
