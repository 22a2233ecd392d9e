/** What an app says of its launch: the handle that an EHR gave it must be fresh and its own (SMART App Launch 2.2). */
import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import { parameterIn, type Parts } from './parts.ts';

/** @throws InvalidRequest for a handle that is not good, or not of this client */
export async function checkLaunch(
  { launches }: Parts,
  ctx: KoaContextWithOIDC,
  handle: string | undefined,
  client: Client | undefined,
): Promise<void> {
  const asksLaunch = (parameterIn(ctx.oidc.params, 'scope') ?? '').split(' ').includes('launch');
  if (handle === undefined) {
    if (asksLaunch) throw new errors.InvalidRequest('the scope launch needs the parameter launch');
    return;
  }
  const launch = await launches.find(handle);
  if (launch === undefined || launch.client !== client?.clientId) {
    throw new errors.InvalidRequest('the launch was used, is over or is another app’s; launch again');
  }
}
