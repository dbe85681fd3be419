/**
 * Sends a request that follows no redirect, and reads the answer.
 *
 * @param {string} url
 * @param {RequestInit} init
 * @param {number} patience how long it may take in all, in ms
 * @param {number} limit how long the body may be, in bytes
 * @returns {Promise<{ response: Response, body: any }>} an answer with the status 200, and its JSON
 */
export declare function requestJson(url: string, init: RequestInit, patience: number, limit: number): Promise<{
    response: Response;
    body: any;
}>;
