import { type Patience, patiently } from '../patience.js';
import { problems } from '../problem.js';
import { Configuration } from './generated/index.js';

export interface OperatorsOptions {
  /** The address of the operators' API, for example `http://localhost:8081/admin/v1`. */
  basePath: string;
  /** An API key: `rk_…`. */
  key: string;
  /** Who acts with the key. The audit trail keeps it with each change. */
  actor?: string;
  /** How long a read goes on while the service is busy: 3 repeats and 10 seconds by default. */
  patience?: Patience;
}

/** The headers with text of people, which need not be ASCII. */
const TEXTS = ['Roster-Reason', 'Roster-Actor'];

/** Access to the operators' API with a key. Pass its configuration to the generated APIs. */
export class Operators {
  /** For the generated APIs: `new UsersApi(operators.configuration)`. */
  readonly configuration: Configuration;

  constructor({ basePath, key, actor, patience = { repeats: 3, seconds: 10 } }: OperatorsOptions) {
    this.configuration = new Configuration({
      basePath,
      accessToken: key,
      fetchApi: (input, init = {}) => {
        // The generated client passes a plain object, in which a text may still have any characters.
        const headers: Record<string, string> = { ...(init.headers as Record<string, string>) };
        if (actor !== undefined && 'Roster-Reason' in headers) {
          headers['Roster-Actor'] ??= actor;
        }
        for (const name of TEXTS) {
          if (headers[name] !== undefined) {
            headers[name] = encoded(headers[name]);
          }
        }
        return patiently(fetch, input, { ...init, headers }, patience);
      },
      middleware: [problems],
    });
  }
}

/** The text itself if it is plain ASCII, otherwise the form of RFC 8187. */
function encoded(text: string): string {
  return /^[ -~]*$/.test(text) && !text.includes("''")
    ? text
    : `UTF-8''${encodeURIComponent(text).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`;
}
