/** The token is not valid, or was revoked. Answer 401 with these headers (RFC 6750, section 3). */
export class InvalidToken extends Error {
  name = 'InvalidToken';
  status = 401;
  headers = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
}

/** Roster cannot be heard, so the token cannot be judged; `cause` may say why. Answer 503 with these headers. */
export class Unavailable extends Error {
  name = 'Unavailable';
  status = 503;
  headers = { 'Retry-After': '1' };
}
