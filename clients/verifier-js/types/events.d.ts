export type ServerSentEvent = {
    type: string;
    data: string;
    id: string | undefined;
};
/** @typedef {{ type: string, data: string, id: string | undefined }} ServerSentEvent */
/**
 * Reads server-sent events from the pieces in which they arrive. An event counts once its empty line has come.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export declare class EventParser {
    #private;
    /**
     * @param {Uint8Array} bytes
     * @returns {Generator<ServerSentEvent>}
     */
    read(bytes: Uint8Array): Generator<ServerSentEvent>;
}
