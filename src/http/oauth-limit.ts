/**
 * How much may be asked of the authorization server: by one address, and by one client that names itself in the address
 * of a request or in Basic credentials. It comes before anything is looked up; faults are OAuth's JSON there.
 */
import type { Request, RequestHandler } from 'express';
import { Throttled, type Limiter } from './limits.ts';
import type { Metrics } from './metrics.ts';

/** The client that a request says it is from, which nobody has proven yet. */
function clientIn({ query, headers: { authorization = '' } }: Request): string | undefined {
  const { client_id: id } = query;
  if (typeof id === 'string' && id !== '') return id;
  const [, basic] = /^Basic ([\w+/=-]{1,1000})$/i.exec(authorization) ?? [];
  return basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').split(':')[0];
}

/** Makes the limit. */
export const oauthLimit =
  ({ checkOauth }: Pick<Limiter, 'checkOauth'>, { refused }: Pick<Metrics, 'refused'>): RequestHandler =>
  async (request, response, next) => {
    try {
      await checkOauth(request.ip ?? '', clientIn(request));
    } catch (error) {
      if (!(error instanceof Throttled)) throw error;
      refused('oauth');
      response
        .status(429)
        .set('Retry-After', String(error.retrySeconds))
        .set('Cache-Control', 'no-store')
        .json({ error: 'temporarily_unavailable', error_description: error.message });
      return;
    }
    next();
  };
