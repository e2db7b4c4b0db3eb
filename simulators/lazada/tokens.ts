import type { HttpAnswer, HttpRequest } from '../http.ts'
import { fail, ok } from './answers.ts'
import { checkSign, parametersOf, strikeEarly, strikeLate } from './gate.ts'
import type { Issued } from './grants.ts'
import type { World } from './world.ts'

/** The token endpoints (docs: 108260): signed like all others, but without a token; nothing lies in `data`. */
export function answerToken(world: World, path: string, request: HttpRequest): HttpAnswer {
  const refused = strikeEarly(world, path) ?? checkSign(world, path, request)
  if (refused) return refused
  const parameters = parametersOf(request)
  if (path === '/auth/token/create') {
    const code = parameters.get('code')
    if (!code) return fail('MissingParameter', 'The input parameter "code" is missing')
    const issued = world.grants.spendCode(code)
    return issued
      ? give(world, path, issued, 'country_user_info')
      : fail('InvalidCode', 'Invalid authorization code')
  }
  const token = parameters.get('refresh_token')
  if (!token) return fail('MissingParameter', 'The input parameter "refresh_token" is missing')
  const issued = world.grants.refresh(token)
  return issued
    ? give(world, path, issued, 'country_user_info_list')
    : fail('IllegalRefreshToken', 'The specified refresh token is invalid or expired')
}

function give(world: World, path: string, issued: Issued, listName: string): HttpAnswer {
  const account = world.accounts.find(({ accountId }) => accountId === issued.accountId)!
  return strikeLate(
    world,
    path,
    ok({
      access_token: issued.accessToken,
      refresh_token: issued.refreshToken,
      expires_in: issued.accessLeftS,
      refresh_expires_in: issued.refreshLeftS,
      country: account.region,
      account_platform: 'seller_center',
      account: `${account.accountId}@example.com`,
      account_id: account.region === 'cb' ? account.accountId : null,
      [listName]: account.stores.map((store) => ({
        country: store.country,
        user_id: store.userId,
        seller_id: store.sellerId,
        short_code: store.shortCode,
      })),
    }),
  )
}
